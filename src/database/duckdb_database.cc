#include "database/duckdb_database.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "database/duckdb_append.h"
#include "database/duckdb_chunks.h"
#include "database/duckdb_errors.h"
#include "database/duckdb_query.h"
#include "database/duckdb_rows.h"
#include "support/check.h"
#include "support/file.h"
#include "support/log.h"
#include "support/set_aside.h"

namespace footfall {
namespace {

using LeaseResult = Result<std::unique_ptr<DuckDbInstance::Lease>>;

std::unexpected<Error> notWritable() {
    return fail(Code::kFatal, "the database is not open for writing");
}

// Makes the temporary table `wanted` of one column, `values` as `stored_as` turns them.
template <class Value, class StoredAs>
Result<void> fillWanted(duckdb_connection connection, const char* column,
                        std::span<const Value> values, const StoredAs& stored_as) {
    const std::string sql = fmt::format("CREATE TEMP TABLE wanted ({})", column);
    if (Result<void> done = execute(connection, sql.c_str()); !done) return done;
    Result<ChunkWriter> wanted = ChunkWriter::open(connection, "wanted", "temp");
    if (!wanted) return std::unexpected(wanted.error());
    while (!values.empty()) {
        const std::size_t count = std::min(values.size(), wanted->room());
        const auto out = wanted->column<std::decay_t<decltype(stored_as(values[0]))>>(0);
        std::ranges::transform(values.first(count), out.begin(), stored_as);
        if (Result<void> done = wanted->advance(count); !done) return done;
        values = values.subspan(count);
    }
    return wanted->finish();
}

// Rows of (event_id, payload_hash).
Result<void> streamIds(duckdb_connection connection, const std::string& sql,
                       const std::function<void(std::span<const StoredId>)>& piece) {
    std::vector<StoredId> ids;
    return streamRows(connection, sql, [&](duckdb_data_chunk chunk, std::size_t count) {
        const auto uuids = columnOf<duckdb_hugeint>(chunk, 0);
        const auto hashes = columnOf<PayloadHash>(chunk, 1);
        ids.clear();
        for (std::size_t row = 0; row < count; ++row)
            ids.push_back({.id = eventIdOf(uuids[row]), .payload_hash = hashes[row]});
        piece(ids);
    });
}

// A lease that reads one state of the tables. The transaction is what makes a prepared statement
// right: DuckDB plans with the statistics of the moment, and without it would run the plan on a
// later state. Seen: a join that lost the rows of a commit in between.
LeaseResult leaseSnapshot(DuckDbInstance& instance) {
    LeaseResult lease = instance.lease();
    if (!lease) return lease;
    if (Result<void> done = execute((*lease)->connection(), "BEGIN TRANSACTION"); !done)
        return std::unexpected(done.error());
    return lease;
}

Result<QueryResult> runOn(duckdb_connection connection, const Query& query, bool read_only) {
    if (Result<void> done = createShadows(connection, query.shadows); !done)
        return std::unexpected(done.error());
    // As in leaseSnapshot(). READ ONLY is a second lock on a door that checkReadsOnly() keeps.
    const char* begin = read_only ? "BEGIN TRANSACTION READ ONLY" : "BEGIN TRANSACTION";
    if (Result<void> done = execute(connection, begin); !done) return std::unexpected(done.error());
    if (read_only)
        if (Result<void> done = checkReadsOnly(connection, query.sql); !done)
            return std::unexpected(done.error());
    return runQuery(connection, query);
}

}  // namespace

DuckDbDatabase::DuckDbDatabase(DuckDbOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), instance_(options_) {}

Result<std::unique_ptr<DuckDbDatabase>> DuckDbDatabase::open(DuckDbOptions options,
                                                             const Clock& clock) {
    auto database = std::make_unique<DuckDbDatabase>(std::move(options), clock);
    if (const auto done = database->start(); !done) return std::unexpected(done.error());
    return database;
}

Result<std::vector<std::string>> DuckDbDatabase::start() {
    Result<void> opened = reopen();
    const std::string log = options_.path + ".wal";
    const bool is_damaged = !opened && opened.error().code == Code::kFatal;
    if (!is_damaged || options_.read_only || !std::filesystem::exists(log)) {
        if (!opened) return std::unexpected(opened.error());
        return {};
    }
    PosixFileSystem files;
    const Result<std::string> aside = setAside(files, log);
    if (!aside) return std::unexpected(aside.error());
    if (Result<void> again = reopen(); !again) {
        // It was not the log, or not it alone: everything stays as it was found.
        if (Result<void> back = files.rename(*aside, log); !back)
            return std::unexpected(back.error());
        return std::unexpected(opened.error());
    }
    if (Result<void> done = drawIdentity(); !done) return std::unexpected(done.error());
    spdlog::error("DuckDB cannot replay its log, which is kept as {}: {}", *aside,
                  forLog(opened.error().what));
    return std::vector{*aside};
}

Result<void> DuckDbDatabase::reopen() {
    const MutexLock lock(mutex_);
    writer_.reset();
    instance_.close();
    if (Result<void> done = instance_.open(); !done) return done;
    Result<void> done = openTables();
    if (!done) instance_.close();
    return done;
}

Result<void> DuckDbDatabase::openTables() {
    {
        const Result<DuckDbConnection> connection = instance_.connect();
        if (!connection) return std::unexpected(connection.error());
        if (Result<void> done = checkSchema(connection->get(), options_.path); !done) return done;
    }
    if (options_.read_only) return {};
    Result<std::unique_ptr<DuckDbWriter>> writer = DuckDbWriter::open(instance_, clock_);
    if (!writer) return std::unexpected(writer.error());
    writer_ = std::move(*writer);
    return {};
}

Result<void> DuckDbDatabase::drawIdentity() {
    const MutexLock lock(mutex_);
    if (!writer_) return notWritable();
    return writer_->drawIdentity();
}

Result<void> DuckDbDatabase::commit(const Commit& commit) {
    const MutexLock lock(mutex_);
    if (!writer_) return notWritable();
    StoredRows stored;
    Result<void> done = writer_->commit(commit, observer_ == nullptr ? nullptr : &stored);
    // Under the lock, so that the observer sees the order of the commits.
    if (done && observer_ != nullptr) observer_->committed(commit.range, std::move(stored));
    return done;
}

void DuckDbDatabase::observe(CommitObserver* observer) {
    const MutexLock lock(mutex_);
    observer_ = observer;
}

Result<Applied> DuckDbDatabase::applied() {
    {
        const MutexLock lock(mutex_);
        if (writer_) return writer_->applied();
    }
    const LeaseResult lease = leaseSnapshot(instance_);
    if (!lease) return std::unexpected(lease.error());
    return readApplied((*lease)->connection());
}

Result<std::uint64_t> DuckDbDatabase::storedRows() {
    const LeaseResult lease = leaseSnapshot(instance_);
    if (!lease) return std::unexpected(lease.error());
    std::uint64_t rows = 0;
    Result<void> done = streamRows(
        (*lease)->connection(), "SELECT count(*)::UBIGINT FROM stored_events",
        [&](duckdb_data_chunk chunk, std::size_t) { rows = columnOf<std::uint64_t>(chunk, 0)[0]; });
    if (!done) return std::unexpected(done.error());
    return rows;
}

Result<void> DuckDbDatabase::checkpoint() {
    const MutexLock lock(mutex_);
    if (!writer_) return notWritable();
    return writer_->checkpoint();
}

Result<std::vector<StoredId>> DuckDbDatabase::storedIds(std::span<const EventId> ids) {
    const LeaseResult lease = leaseSnapshot(instance_);
    if (!lease) return std::unexpected(lease.error());
    const duckdb_connection connection = (*lease)->connection();
    if (Result<void> done = fillWanted(connection, "event_id UUID", ids, uuidOf); !done)
        return std::unexpected(done.error());
    std::vector<StoredId> found;
    Result<void> done = streamIds(
        connection,
        "SELECT event_id, payload_hash FROM stored_events SEMI JOIN wanted USING (event_id)",
        [&](std::span<const StoredId> piece) {
            found.insert(found.end(), piece.begin(), piece.end());
        });
    if (!done) return std::unexpected(done.error());
    return found;
}

Result<void> DuckDbDatabase::scanIds(SequenceNumber after,
                                     const std::function<void(std::span<const StoredId>)>& piece) {
    const LeaseResult lease = leaseSnapshot(instance_);
    if (!lease) return std::unexpected(lease.error());
    return streamIds(
        (*lease)->connection(),
        fmt::format("SELECT event_id, payload_hash FROM stored_events WHERE sequence > {}",
                    after.value),
        piece);
}

Result<SequenceNumber> DuckDbDatabase::scanRows(SequenceNumber after,
                                                const std::function<void(StoredRows&&)>& piece) {
    const LeaseResult lease = leaseSnapshot(instance_);
    if (!lease) return std::unexpected(lease.error());
    return readStoredRows((*lease)->connection(),
                          fmt::format("stored_events WHERE sequence > {}", after.value), piece);
}

Result<SequenceNumber> DuckDbDatabase::rowsOfPersons(
    std::span<const std::uint32_t> persons, const std::function<void(StoredRows&&)>& piece) {
    const LeaseResult lease = leaseSnapshot(instance_);
    if (!lease) return std::unexpected(lease.error());
    const duckdb_connection connection = (*lease)->connection();
    if (Result<void> done = fillWanted(connection, "person UINTEGER", persons, std::identity());
        !done)
        return std::unexpected(done.error());
    return readStoredRows(connection, "stored_events SEMI JOIN wanted USING (person)", piece);
}

Result<std::string> DuckDbDatabase::identity() {
    const LeaseResult lease = leaseSnapshot(instance_);
    if (!lease) return std::unexpected(lease.error());
    std::string id;
    Result<void> done = streamRows((*lease)->connection(),
                                   "SELECT arg_max(id, drawn)::VARCHAR FROM database_identity",
                                   [&](duckdb_data_chunk chunk, std::size_t) {
                                       id = textOf(columnOf<duckdb_string_t>(chunk, 0)[0]);
                                   });
    if (!done) return std::unexpected(done.error());
    return id;
}

Result<void> DuckDbDatabase::storeJourneys(std::span<const Journey> journeys) {
    const MutexLock lock(mutex_);
    if (!writer_) return notWritable();
    return writer_->storeJourneys(journeys);
}

Result<QueryResult> DuckDbDatabase::query(const Query& query) {
    return runLeased(query, false);
}

Result<QueryResult> DuckDbDatabase::queryReadOnly(const Query& query) {
    return runLeased(query, true);
}

Result<QueryResult> DuckDbDatabase::runLeased(const Query& query, bool read_only) {
    const LeaseResult lease = instance_.lease(std::chrono::steady_clock::now() + query.timeout);
    if (!lease) return std::unexpected(lease.error());
    Result<QueryResult> result = runOn((*lease)->connection(), query, read_only);
    if (!result && result.error().code == Code::kUnavailable && (*lease)->expired())
        return fail(Code::kDeadlineExceeded,
                    fmt::format("the query took longer than {} ms", query.timeout.count()));
    return result;
}

}  // namespace footfall
