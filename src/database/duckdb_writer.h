#pragma once

#include <memory>
#include <span>

#include "database/code_tables.h"
#include "database/database.h"
#include "database/duckdb_handles.h"
#include "database/duckdb_instance.h"
#include "event/journey.h"
#include "support/clock.h"
#include "support/result.h"

namespace footfall {

// DuckDbWriter: the one connection that writes, with what must stay in step with the tables: the
// codes and the position.
// Threads: one at a time.   Lifetime: not longer than its instance.
// Errors: those of Database.
class DuckDbWriter {
  public:
    // Creates what is missing of sql/duckdb/schema.sql and reads codes and position.
    [[nodiscard]] static Result<std::unique_ptr<DuckDbWriter>> open(DuckDbInstance& instance,
                                                                    const Clock& clock);

    // `stored`: what was stored, told when it succeeds; nullptr: nobody asks.
    [[nodiscard]] Result<void> commit(const Commit& commit, StoredRows* stored);
    [[nodiscard]] Result<void> checkpoint();
    [[nodiscard]] Result<void> storeJourneys(std::span<const Journey> journeys);
    // Another one from now on.
    [[nodiscard]] Result<void> drawIdentity();
    const Applied& applied() const { return applied_; }

  private:
    DuckDbWriter(DuckDbConnection connection, const Clock& clock)
        : connection_(std::move(connection)), clock_(clock) {}
    [[nodiscard]] Result<void> restore();

    DuckDbConnection connection_;
    const Clock& clock_;
    CodeTables codes_;
    Applied applied_;
};

// kInvalidArgument: the tables are those of another version of this program, which alone can read
// them. A file without tables is right for every version.
[[nodiscard]] Result<void> checkSchema(duckdb_connection connection, const std::string& path);
// Position and totals as the table `commits` has them.
[[nodiscard]] Result<Applied> readApplied(duckdb_connection connection);

}  // namespace footfall
