#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/report_query.h"
#include "support/decimal.h"

namespace footfall {

// The city of those who have none.
constexpr std::string_view kUnknownCity = "unknown";

// Amounts by currency.
using Money = std::map<std::string, Decimal>;

// What an engine counts for one city.
struct CityCount {
    std::string city;
    std::int64_t users = 0;
    std::vector<std::int64_t> stage_users;     // in any order; one a stage of the journey
    std::vector<std::int64_t> users_in_order;  // one a stage of the journey
    std::int64_t buyers = 0;
    std::int64_t orders = 0;
    Money revenue;  // only the currencies that occur
};

// With sql/duckdb/percentage_of_user_citywise.sql. Errors: those of Database::query.
[[nodiscard]] Result<std::vector<CityCount>> countCities(Database& database,
                                                         const ReportQuestion& question);

// The sum over all cities: every user is in exactly one.
CityCount sumOf(const std::vector<CityCount>& cities);

}  // namespace footfall
