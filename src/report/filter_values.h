#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/report_query.h"

// What reports can be narrowed to, for the boxes of a page.
namespace footfall {

struct FilterValue {
    std::string name;
    std::int64_t users = 0;  // whom the filter with this name leaves in scope
};

// Most users first, then by the bytes of the name.
struct FilterCounts {
    std::vector<FilterValue> cities;
    std::vector<FilterValue> devices;
    std::vector<FilterValue> channels;
};

struct FilterValues {
    ReportParameters parameters;
    UtcTime generated_at{};
    FilterCounts values;
};

// With sql/duckdb/filters.sql. Errors: those of Database::query.
[[nodiscard]] Result<FilterCounts> countFilters(Database& database, const ReportQuestion& question);

[[nodiscard]] Result<FilterValues> computeFilterValues(Database& database, const Journey& journey,
                                                       const ReportParameters& parameters,
                                                       const ReportSettings& settings);

// The first `top` that begin with `search`, in any case, and how many do.
std::string renderJson(const FilterValues& values, std::size_t top, const std::string& search);

}  // namespace footfall
