#pragma once

#include <cstdint>
#include <vector>

#include "report/report_query.h"

namespace footfall {

// What an engine counts of the persons whose first event in scope lies in one quarter of an hour.
// Days and weeks of any time zone are made of whole quarters.
struct TrendCount {
    UtcTime from{};
    std::int64_t users = 0;
    std::int64_t buyers = 0;
    std::int64_t buyers_in_order = 0;
    std::int64_t users_inside_window = 0;
};

// Only the quarters that have somebody, ascending. With sql/duckdb/trend.sql.
// Errors: those of Database::query.
[[nodiscard]] Result<std::vector<TrendCount>> countTrend(Database& database,
                                                         const ReportQuestion& question);

}  // namespace footfall
