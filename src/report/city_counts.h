#pragma once

#include <vector>

#include "journey_index/journey_counts.h"
#include "report/report_query.h"

namespace footfall {

using CityCounts = std::vector<CityCount>;

// From the index where it can tell, else with sql/duckdb/percentage_of_user_citywise.sql.
// Errors: those of Database::query.
[[nodiscard]] Result<CityCounts> countCities(Database& database, const ReportQuestion& question);

// The sum over all cities: every user is in exactly one.
CityCount sumOf(const CityCounts& cities);

}  // namespace footfall
