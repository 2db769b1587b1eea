#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/journey.h"
#include "report/city_counts.h"

// Where on the way a city's users and all others part. docs/reports.md has the formulas.
namespace footfall {

// The step at which a city loses most, compared with all other users.
struct WeakestStep {
    std::string from;
    std::string to;
    double percent = 0;
    double elsewhere_percent = 0;
    double missing_buyers = 0;
};

// Of the difference in conversion, what is made on the way to a required stage, from the one before
// or, nullopt, from nothing.
struct GapStep {
    std::optional<std::string> from;
    std::string to;
    double points = 0;
};

// The city's conversion minus that of all other users, in points; the parts add up to it.
struct Gap {
    double elsewhere_percent = 0;
    double points = 0;
    std::vector<GapStep> steps;
    double other_order_points = 0;  // made by buying, but not in order and within the window
};

// nullopt: the city loses less than the others at every step.
std::optional<WeakestStep> weakestStep(const CityCount& city, const CityCount& all,
                                       const Journey& journey);
// nullopt: there are no others.
std::optional<Gap> gapOf(const CityCount& city, const CityCount& all, const Journey& journey);

}  // namespace footfall
