#pragma once

#include <cstddef>

#include "database/database.h"
#include "database/duckdb_handles.h"
#include "support/result.h"

// Single values between DuckDB and our results. For what is fast see duckdb_chunks.h.
namespace footfall {

// The value in that row of a column. Whole numbers that fit are int64; DECIMAL with 4 decimals is a
// Decimal; timestamps are UtcTime; whatever has no kind of its own is the text DuckDB would show.
// Errors: kInvalidArgument for the few types that cannot be shown.
[[nodiscard]] Result<Value> valueAt(duckdb_vector vector, std::size_t row);

// For the tables that stand in for stored ones.
DuckDbValue toDuckDb(const Value& value);

}  // namespace footfall
