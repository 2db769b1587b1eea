#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "database/duckdb_handles.h"
#include "support/clock.h"
#include "support/mutex.h"
#include "support/result.h"

namespace footfall {

struct DuckDbOptions {
    std::string path;  // of the file; created when missing
    // What DuckDB may hold in memory while there are queries; beyond it spills to `path`.tmp.
    std::size_t memory_limit_bytes = 192 << 20;
    // And without, if that is less: a writer gains nothing from the written blocks that DuckDB
    // would keep up to its limit.
    std::size_t resting_memory_bytes = 96 << 20;
    std::chrono::milliseconds rest_after{10'000};  // longer than a page takes to ask again
    unsigned threads = 2;  // of a query: the caller's and, for 2, one that helps
    std::size_t checkpoint_threshold_bytes = 16 << 20;  // of the write-ahead log
    bool read_only = false;  // the file must exist; nothing but queries then
};

// DuckDbInstance: the database file, opened with the settings that keep it closed to everything
// else: no other files, no extensions, no change of settings. Hands out connections and ends the
// queries on them that take too long. While a connection is leased a thread helps with its query;
// DuckDB's own threads would be there for the writer too, which gains nothing from them and waits
// for them by spinning (docs/decisions/0002). Some time after the last lease DuckDB gives back the
// memory that only queries need (docs/decisions/0005).
// Threads: connect() and lease(), any thread; open() and close(), one at a time.
// Blocks: close() until every lease is back; their queries are interrupted for it.
// Errors: kUnavailable (locked by another process, disk full, memory) | kFatal (not open; damaged
//   file) | kIo (cannot be opened) | kInvalidArgument (a DuckDB that is too old).
class DuckDbInstance {
  public:
    // A connection for one caller. Its query is interrupted at the deadline, again and again: an
    // interrupt between two statements is lost.
    class Lease {
      public:
        Lease(DuckDbInstance& instance, DuckDbConnection connection, SteadyTime deadline);
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        duckdb_connection connection() const { return connection_.get(); }
        bool expired() const;

      private:
        friend class DuckDbInstance;
        DuckDbInstance& instance_;
        DuckDbConnection connection_;
        const SteadyTime deadline_;
    };

    explicit DuckDbInstance(DuckDbOptions options);
    ~DuckDbInstance();

    // REQUIRES: not open.
    [[nodiscard]] Result<void> open();
    // REQUIRES: what connect() gave has been dropped.
    void close();

    [[nodiscard]] Result<DuckDbConnection> connect();
    [[nodiscard]] Result<std::unique_ptr<Lease>> lease(SteadyTime deadline = SteadyTime::max());

  private:
    Result<DuckDbConnection> connectLocked() REQUIRES(mutex_);
    void run(const std::stop_token& stop);
    // Interrupts the queries that are due; returns when the next one will be.
    SteadyTime interruptDue() REQUIRES(mutex_);
    void noteChange() REQUIRES(mutex_);
    // Gives back what only queries need, if it is time; returns when it will be.
    SteadyTime restWhenIdle() REQUIRES(mutex_);
    [[nodiscard]] Result<void> limitMemory(std::size_t bytes) REQUIRES(mutex_);
    void help(const std::stop_token& stop);
    // nullptr: stop.
    duckdb_task_state beginHelping(const std::stop_token& stop);
    void endHelping();

    const DuckDbOptions options_;
    Mutex mutex_;
    std::condition_variable_any changed_;
    DuckDbFile file_ GUARDED_BY(mutex_);  // null while closed
    std::list<Lease*> leases_ GUARDED_BY(mutex_);
    bool closing_ GUARDED_BY(mutex_) = false;
    std::uint64_t changes_ GUARDED_BY(mutex_) = 0;  // of leases_ and closing_
    bool resting_ GUARDED_BY(mutex_) = false;       // with resting_memory_bytes
    SteadyTime rest_at_ GUARDED_BY(mutex_);
    // The helper's, while it works on tasks; not null only while file_ is open.
    DuckDbTaskState helping_ GUARDED_BY(mutex_);
    std::jthread watcher_;
    std::jthread helper_;
};

}  // namespace footfall
