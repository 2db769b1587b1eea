#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "report/report_query.h"

namespace footfall {

// Two neighbours in the sorted list of whole seconds; a percentile lies between them.
struct SecondsPair {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

// What an engine counts for one stage.
struct StageCount {
    std::int64_t users = 0;
    std::int64_t furthest_users = 0;
    std::int64_t users_in_order = 0;
    std::optional<SecondsPair> median;  // nullopt: nobody, or no required stage before
    std::optional<SecondsPair> p90;
};

struct StageCounts {
    std::int64_t total_users = 0;
    std::int64_t total_events = 0;
    std::int64_t users_inside_window = 0;
    std::vector<StageCount> stages;  // in the order of the journey
};

// With sql/duckdb/percentage_of_user_stagewise.sql. Errors: those of Database::query.
[[nodiscard]] Result<StageCounts> countStages(Database& database, const ReportQuestion& question);

}  // namespace footfall
