#pragma once

#include <cstddef>
#include <string>

#include "journey_index/journey_counts.h"
#include "report/counted.h"
#include "report/report_query.h"

// What reports can be narrowed to, for the boxes of a page.
namespace footfall {

// From the index where it can tell, else with sql/duckdb/filters.sql. Errors: those of
// Database::query.
[[nodiscard]] Result<FilterCounts> countFilters(Database& database, const ReportQuestion& question);

// The same, to be kept.
[[nodiscard]] Result<Counted<FilterCounts>> countForFilters(Database& database,
                                                            const Journey& journey,
                                                            const ReportParameters& parameters,
                                                            const ReportSettings& settings);

// The first `top` that begin with `search`, in any case, and how many do.
std::string renderJson(const FilterCounts& values, const Journey& journey, std::size_t top,
                       const std::string& search);

}  // namespace footfall
