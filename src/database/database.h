#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "database/stored_rows.h"
#include "event/event_batch.h"
#include "event/journey.h"
#include "event/sequence.h"
#include "support/decimal.h"
#include "support/result.h"

// The door to the stored events. Two engines stand behind it; nobody outside this folder knows
// which.
namespace footfall {

// What was decided about events, and what came with them. As a commit's delta, or as totals over
// the life of the data folder.
struct EventCounters {
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t conflicts = 0;  // those of the duplicates whose payload differs
    std::uint64_t dead_lettered = 0;
    std::uint64_t rejected = 0;
    std::uint64_t without_id = 0;
    std::uint64_t late = 0;

    EventCounters& operator+=(const EventCounters& other);
    bool operator==(const EventCounters&) const = default;
};

// Some rows of one batch. A commit is made of these, so that no batch is ever copied together.
struct CommitPart {
    const EventBatch* batch = nullptr;
    SequenceNumber first;             // the number of the batch's row 0
    std::vector<std::uint32_t> rows;  // the rows to store, ascending
};

// One transaction: rows, the counters' deltas and the position.
struct Commit {
    std::vector<CommitPart> parts;
    // Every number decided by it, stored or not; follows the range before. A commit that brings
    // counts alone decides none: range.first is applied().last + 1, range.last is applied().last,
    // count() is 0.
    SequenceRange range;
    EventCounters delta;
};

struct Applied {
    SequenceNumber last;  // the last number decided
    EventCounters totals;
};

struct StoredId {
    EventId id;
    PayloadHash payload_hash = 0;
};

// A value of a result. Decimals are exact; times are microseconds since the epoch, UTC.
using Value =
    std::variant<std::monostate, bool, std::int64_t, double, Decimal, UtcTime, std::string>;

struct QueryResult {
    std::vector<std::string> columns;
    std::vector<std::vector<Value>> rows;
    bool truncated = false;  // there were more than rows_max
};

// A small table that stands in for the stored one of the same name while a query runs: how reports
// get their parameters and a journey that is not the stored one (a temporary table in its place).
struct ShadowTable {
    std::string name;  // of a table of schema.sql; its columns are those of the stored table
    std::vector<std::vector<Value>> rows;
};

struct Query {
    std::string sql;  // one or more statements; the result is that of the last
    std::vector<ShadowTable> shadows;
    std::size_t rows_max = 1'000'000;
    std::chrono::milliseconds timeout{60'000};
};

// CommitObserver: follows what is stored; the seam on which the journey index stands.
// Threads: told on the thread that commits, one commit after the other, in their order.
// Told: every commit that succeeded, and none that failed. One whose outcome was unknown and that
//   turned out, after a reopen, to have happened is not told: the next range then does not follow
//   the one before, and Database::scanRows() has the rows in between.
// Must not: call back into the database.
class CommitObserver {
  public:
    virtual ~CommitObserver() = default;
    // `range`: everything decided by the commit, Commit::range. `rows`: what it stored, with the
    // names that are new in it.
    virtual void committed(SequenceRange range, StoredRows&& rows) = 0;
};

// Database: stores events in transactions and answers queries on them.
// Threads: all members, any thread; commits are done one after the other, queries beside them.
// Errors: kUnavailable (transient: try again), kContent (these rows can never be stored), kFatal
//   and kUnknownOutcome (reopen(), then compare applied()); kInvalidArgument for SQL of the user's.
class Database {
  public:
    virtual ~Database() = default;

    // Stores all of it or nothing. After success a crash keeps it. Duplicates are not looked for
    // here. REQUIRES: commit.range follows applied().last.
    [[nodiscard]] virtual Result<void> commit(const Commit& commit) = 0;
    [[nodiscard]] virtual Result<Applied> applied() = 0;
    // Rows really in the table; at start compared with the counters.
    [[nodiscard]] virtual Result<std::uint64_t> storedRows() = 0;
    // After success what was committed before lies in the database file itself.
    [[nodiscard]] virtual Result<void> checkpoint() = 0;
    // Closes and opens again, after kFatal or kUnknownOutcome.
    [[nodiscard]] virtual Result<void> reopen() = 0;

    // Those of the ids that are stored, in any order.
    [[nodiscard]] virtual Result<std::vector<StoredId>> storedIds(std::span<const EventId> ids) = 0;
    // Every id stored with a number above `after`, in pieces.
    [[nodiscard]] virtual Result<void> scanIds(
        SequenceNumber after, const std::function<void(std::span<const StoredId>)>& piece) = 0;

    // nullptr: nobody observes. REQUIRES: before the first commit; the observer outlives the last.
    virtual void observe(CommitObserver* observer) = 0;
    // Every row with a number above `after`, in pieces of some thousand rows, of one state of the
    // tables. The first piece comes even without rows and has all names. Returns the last number
    // decided in that state.
    [[nodiscard]] virtual Result<SequenceNumber> scanRows(
        SequenceNumber after, const std::function<void(StoredRows&&)>& piece) = 0;
    // As scanRows(): every row of the persons with these codes.
    [[nodiscard]] virtual Result<SequenceNumber> rowsOfPersons(
        std::span<const std::uint32_t> persons, const std::function<void(StoredRows&&)>& piece) = 0;
    // Tells one assignment of codes from another, and so one file from another: what was derived
    // from codes and kept elsewhere names the identity that it belongs to. A UUID, drawn with the
    // tables, and anew when stored commits were lost, whose codes are given again.
    [[nodiscard]] virtual Result<std::string> identity() = 0;

    // Replaces the tables journey_stages and journey_event_types.
    [[nodiscard]] virtual Result<void> storeJourneys(std::span<const Journey> journeys) = 0;

    // Of our own SQL: may use shadow tables.
    [[nodiscard]] virtual Result<QueryResult> query(const Query& query) = 0;
    // Of a user's SQL: statements that read, nothing else; no files, no settings.
    [[nodiscard]] virtual Result<QueryResult> queryReadOnly(const Query& query) = 0;
};

}  // namespace footfall
