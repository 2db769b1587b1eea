#pragma once

#include <span>
#include <string>

#include "database/database.h"
#include "database/duckdb_handles.h"
#include "support/result.h"

// SQL on a connection of its own. Errors: queryError's; an interrupt is kUnavailable here, and the
// caller, who knows the deadline, says what it was.
namespace footfall {

// Puts temporary tables in front of the stored ones; they go with the connection.
// REQUIRES: names and columns of schema.sql.
[[nodiscard]] Result<void> createShadows(duckdb_connection connection,
                                         std::span<const ShadowTable> shadows);

// Runs every statement; the result is that of the last. REQUIRES: an open transaction, so that the
// plan and the rows are of one state.
[[nodiscard]] Result<QueryResult> runQuery(duckdb_connection connection, const Query& query);

// kInvalidArgument unless the SQL is one statement that only reads what is stored. A statement's
// type does not say that: `SELECT * FROM enable_logging(…)` is a SELECT, and makes an instance
// without file access useless until it is reopened. So the plan is asked which functions it scans,
// and only known ones pass.
[[nodiscard]] Result<void> checkReadsOnly(duckdb_connection connection, const std::string& sql);

}  // namespace footfall
