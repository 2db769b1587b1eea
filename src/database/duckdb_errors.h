#pragma once

#include <string_view>

#include "database/duckdb_handles.h"
#include "support/result.h"

// What DuckDB's errors mean to us. DuckDB says a type and a text; the table is in the .cc.
namespace footfall {

// Of what we do ourselves: open, append, commit, checkpoint. `doing`: "append to stored_events".
Error writeError(std::string_view doing, duckdb_error_type type, std::string_view message);
// Of SQL, ours or a user's: whatever is not the database's state is the SQL's fault.
Error queryError(duckdb_error_type type, std::string_view message);
// Of opening a file, for which DuckDB gives a text alone.
Error openError(std::string_view path, std::string_view message);

Error writeError(std::string_view doing, DuckDbResult& result);
Error writeError(std::string_view doing, const DuckDbAppender& appender);
Error queryError(DuckDbResult& result);

// Runs our own SQL on a connection and drops its result.
[[nodiscard]] Result<void> execute(duckdb_connection connection, const char* sql);

}  // namespace footfall
