#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// The statistics of the reports, the same for every engine. docs/reports.md has the formulas in the
// order in which they are evaluated here, so that another program gets the same bits.
namespace footfall {

// 100 · part / whole; nullopt when whole is 0.
std::optional<double> percentOf(std::int64_t part, std::int64_t whole);

// `hits` of `count` tries.
struct Proportion {
    std::int64_t hits = 0;
    std::int64_t count = 0;
};

// As parts of 1.
struct Interval {
    double low = 0;
    double high = 1;
};

// The 95 % interval of Wilson (1927). REQUIRES: count > 0.
Interval wilsonInterval(Proportion proportion);

// Two-sided p-value of "both are the same": the pooled z-test without continuity correction; where
// an expected cell is below 5, Fisher's exact test; 1 where all or none hit.
// REQUIRES: both counts > 0.
double equalProportionsPValue(Proportion a, Proportion b);

// Fisher's exact test by itself: the sum of the probabilities of all tables with these margins that
// are not likelier than the observed one (relative 1e-7, as in R's fisher.test).
double fisherPValue(Proportion a, Proportion b);

// Benjamini & Hochberg (1995): p-values adjusted for the number of those that are not null.
std::vector<std::optional<double>> adjustPValues(std::span<const std::optional<double>> p_values);

// Users that show a difference of `margin` (a part of `conversion`) at 5 % with a power of 80 %;
// nullopt when conversion is 0 or 1.
std::optional<std::int64_t> usersNeeded(double conversion, double margin);

}  // namespace footfall
