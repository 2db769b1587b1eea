#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "database/database.h"
#include "database/duckdb_instance.h"
#include "database/duckdb_writer.h"
#include "support/clock.h"
#include "support/mutex.h"
#include "support/result.h"

namespace footfall {

// DuckDbDatabase: the events in one DuckDB file, in this process. sql/duckdb/schema.sql is its
// layout, docs/decisions/0002-duckdb-layout.md the reason for it.
// Threads: all members, any thread; commits wait for each other, queries for nobody.
// Blocks: reopen() until the queries that run have been interrupted.
// Owns: the file; nobody else in this process may open it, closing any descriptor of it drops
//   DuckDB's lock.
// Durability: commit() returns after DuckDB's fsync of its log or of the file.
// Errors: those of Database; while a reopen() has failed, every call but reopen() is kFatal.
class DuckDbDatabase final : public Database {
  public:
    // Not open yet. `clock` tells when a commit was done.
    DuckDbDatabase(DuckDbOptions options, const Clock& clock);
    // That, and start(). Errors: those of start().
    [[nodiscard]] static Result<std::unique_ptr<DuckDbDatabase>> open(DuckDbOptions options,
                                                                      const Clock& clock);
    // Opens for the first time. DuckDB refuses to open beside a log of its own that is damaged
    // anywhere but at its very end; such a log is set aside, and what only it held is gone:
    // applied() says how much is left, and the journal has the rest.
    // Returns the names of what was set aside. Errors: those of DuckDbInstance.
    [[nodiscard]] Result<std::vector<std::string>> start();

    // A commit of no rows and an empty range (last = first - 1) stores counters alone.
    Result<void> commit(const Commit& commit) override;
    Result<Applied> applied() override;
    Result<std::uint64_t> storedRows() override;
    Result<void> checkpoint() override;
    Result<void> reopen() override;
    Result<std::vector<StoredId>> storedIds(std::span<const EventId> ids) override;
    Result<void> scanIds(SequenceNumber after,
                         const std::function<void(std::span<const StoredId>)>& piece) override;
    void observe(CommitObserver* observer) override;
    Result<SequenceNumber> scanRows(SequenceNumber after,
                                    const std::function<void(StoredRows&&)>& piece) override;
    Result<SequenceNumber> rowsOfPersons(std::span<const std::uint32_t> persons,
                                         const std::function<void(StoredRows&&)>& piece) override;
    Result<std::string> identity() override;
    Result<void> storeJourneys(std::span<const Journey> journeys) override;
    Result<QueryResult> query(const Query& query) override;
    Result<QueryResult> queryReadOnly(const Query& query) override;

  private:
    [[nodiscard]] Result<void> openTables() REQUIRES(mutex_);
    [[nodiscard]] Result<void> drawIdentity();
    [[nodiscard]] Result<QueryResult> runLeased(const Query& query, bool read_only);

    const DuckDbOptions options_;
    const Clock& clock_;
    DuckDbInstance instance_;  // thread-safe by itself
    Mutex mutex_;
    std::unique_ptr<DuckDbWriter> writer_ GUARDED_BY(mutex_);  // null when read-only or not open
    CommitObserver* observer_ GUARDED_BY(mutex_) = nullptr;
};

}  // namespace footfall
