#pragma once

#include <vector>

#include "journey_index/journey_counts.h"
#include "report/report_query.h"

namespace footfall {

using TrendCounts = std::vector<TrendCount>;

// Only the quarters that have somebody, ascending. From the index where it can tell, else with
// sql/duckdb/trend.sql. Errors: those of Database::query.
[[nodiscard]] Result<TrendCounts> countTrend(Database& database, const ReportQuestion& question);

}  // namespace footfall
