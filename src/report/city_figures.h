#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "report/city_counts.h"

namespace footfall {

// What is said of a city and of all users alike. The amounts of every row of a report are in the
// same currencies: those that occur in it, or the configured one when there is none.
struct CityFigures {
    std::int64_t users = 0;
    std::int64_t buyers = 0;
    std::optional<double> conversion_percent;
    std::optional<double> conversion_low_percent;
    std::optional<double> conversion_high_percent;
    std::int64_t orders = 0;
    Money revenue;
    std::optional<Money> average_order_value;  // nullopt: no orders
    std::optional<Money> revenue_per_user;     // nullopt: no users
};

// `currencies`: those of the report.
CityFigures figuresOf(const CityCount& count, const Money& currencies);
// Of the city's users, who reached each stage, in any order.
std::vector<std::optional<double>> stagePercentOf(const CityCount& count);

}  // namespace footfall
