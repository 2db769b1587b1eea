#pragma once

#include "journey_index/journey_counts.h"
#include "report/report_query.h"

namespace footfall {

// From the index where it can tell, else with sql/duckdb/percentage_of_user_stagewise.sql.
// Errors: those of Database::query.
[[nodiscard]] Result<StageCounts> countStages(Database& database, const ReportQuestion& question);

}  // namespace footfall
