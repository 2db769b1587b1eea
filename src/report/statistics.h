#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// The statistics of the reports, the same for every engine. docs/reports.md has the formulas in the
// order in which they are evaluated here, so that another program gets the same bits.
namespace footfall {

// A p-value below it is no chance.
constexpr double kSignificance = 0.05;

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

// What each factor has to do with 100 · (Π here − Π there), in points: its Shapley value, the
// difference that changing it makes, averaged over the orders in which the factors can be changed.
// The parts add up to the whole. REQUIRES: equally many factors, at least one.
std::vector<double> shapleyParts(std::span<const double> here, std::span<const double> there);

// What groups tell of one another, by a beta-binomial model of their rates: the mean rate, and the
// correlation of two tries in one group, 0 when the groups differ no more than by chance, 1 when
// each has its own way. By moments (Kleinman 1973, weighted by size).
struct Shrinkage {
    double mean = 0;
    double correlation = 0;
};
// Of groups in the order in which they are added up. REQUIRES: each count > 0.
// nullopt when there are none.
std::optional<Shrinkage> shrinkageOf(std::span<const Proportion> groups);
// How many users of the mean rate that amounts to; nullopt: without end.
std::optional<double> priorUsers(const Shrinkage& shrinkage);
// The rate of a group, drawn towards the mean the more the smaller it is. REQUIRES: count > 0.
double shrunken(Proportion group, const Shrinkage& shrinkage);

}  // namespace footfall
