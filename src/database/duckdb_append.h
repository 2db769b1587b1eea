#pragma once

#include "database/code_tables.h"
#include "database/database.h"
#include "database/duckdb_handles.h"
#include "database/stored_rows.h"
#include "support/clock.h"
#include "support/result.h"

// A commit's rows on their way into the tables of sql/duckdb/schema.sql. All run within the
// connection's transaction; after an error it must be rolled back.
namespace footfall {

// Appends the rows to stored_events and asks `codes` for their texts' codes, which may make new
// ones. An absent event type, city or person is left to the table's NOT NULL: kContent.
// `stored`: where the rows go as well, without names; nullptr: nowhere.
[[nodiscard]] Result<void> appendEvents(duckdb_connection connection, const Commit& commit,
                                        CodeTables& codes, StoredRows* stored);
[[nodiscard]] Result<void> appendCommitRow(duckdb_connection connection, const Commit& commit,
                                           UtcTime committed_at);

// The 128 bits as DuckDB orders them: a signed number whose sign is turned over.
constexpr duckdb_hugeint uuidOf(EventId id) {
    return {.lower = id.low, .upper = static_cast<std::int64_t>(id.high ^ (1ULL << 63))};
}
constexpr EventId eventIdOf(duckdb_hugeint uuid) {
    return {.high = static_cast<std::uint64_t>(uuid.upper) ^ (1ULL << 63), .low = uuid.lower};
}

}  // namespace footfall
