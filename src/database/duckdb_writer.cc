#include "database/duckdb_writer.h"

#include <string>
#include <string_view>
#include <utility>

#include <databaseFiles.h>
#include <fmt/format.h>

#include "database/duckdb_append.h"
#include "database/duckdb_chunks.h"
#include "database/duckdb_errors.h"
#include "support/check.h"
#include "support/crash_point.h"

namespace footfall {
namespace {

constexpr std::uint32_t kSchemaVersion = 4;  // the one in schema.sql

// Rolled back unless it was committed.
class Transaction {
  public:
    static Result<Transaction> begin(duckdb_connection connection) {
        if (Result<void> done = execute(connection, "BEGIN"); !done)
            return std::unexpected(done.error());
        return Transaction(connection);
    }
    Transaction(Transaction&& other) noexcept
        : connection_(std::exchange(other.connection_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() {
        // A rollback that fails leaves nothing behind either: the instance is invalid then.
        if (connection_ != nullptr) (void)execute(connection_, "ROLLBACK");
    }

    // Success means on the disk. After failure DuckDB itself rolls back what it still can.
    Result<void> commit() {
        Result<void> done = execute(std::exchange(connection_, nullptr), "COMMIT");
        if (done) return {};
        return fail(Code::kUnknownOutcome, done.error().what);
    }

  private:
    explicit Transaction(duckdb_connection connection) : connection_(connection) {}
    duckdb_connection connection_;
};

std::uint64_t rowCount(const Commit& commit) {
    std::uint64_t count = 0;
    for (const CommitPart& part : commit.parts) count += part.rows.size();
    return count;
}

Result<void> appendAll(duckdb_connection connection, const Commit& commit, CodeTables& codes,
                       UtcTime now, StoredRows* stored) {
    if (const std::uint64_t rows = rowCount(commit); rows > 0) {
        if (stored != nullptr) stored->reserve(rows);
        if (Result<void> done = appendEvents(connection, commit, codes, stored); !done) return done;
        if (Result<void> done = codes.appendAdded(connection); !done) return done;
    }
    return appendCommitRow(connection, commit, now);
}

Result<void> appendStages(duckdb_connection connection, std::span<const Journey> journeys) {
    Result<ChunkWriter> stages = ChunkWriter::open(connection, "journey_stages");
    if (!stages) return std::unexpected(stages.error());
    for (const Journey& journey : journeys)
        for (std::size_t i = 0; i < journey.stages.size(); ++i) {
            stages->column<duckdb_string_t>(0)[0] = duckDbText(journey.name);
            stages->column<std::int32_t>(1)[0] = static_cast<std::int32_t>(i + 1);
            stages->column<duckdb_string_t>(2)[0] = duckDbText(journey.stages[i].name);
            stages->column<bool>(3)[0] = journey.stages[i].optional;
            if (Result<void> done = stages->advance(1); !done) return done;
        }
    return stages->finish();
}

Result<void> appendStageTypes(duckdb_connection connection, std::span<const Journey> journeys) {
    Result<ChunkWriter> types = ChunkWriter::open(connection, "journey_event_types");
    if (!types) return std::unexpected(types.error());
    for (const Journey& journey : journeys)
        for (std::size_t i = 0; i < journey.stages.size(); ++i)
            for (const std::string& event_type : journey.stages[i].event_types) {
                types->column<duckdb_string_t>(0)[0] = duckDbText(journey.name);
                types->column<std::int32_t>(1)[0] = static_cast<std::int32_t>(i + 1);
                types->column<duckdb_string_t>(2)[0] = duckDbText(event_type);
                if (Result<void> done = types->advance(1); !done) return done;
            }
    return types->finish();
}

}  // namespace

Result<std::unique_ptr<DuckDbWriter>> DuckDbWriter::open(DuckDbInstance& instance,
                                                         const Clock& clock) {
    Result<DuckDbConnection> connection = instance.connect();
    if (!connection) return std::unexpected(connection.error());
    std::unique_ptr<DuckDbWriter> writer(new DuckDbWriter(std::move(*connection), clock));
    if (Result<void> done = writer->restore(); !done) return std::unexpected(done.error());
    return writer;
}

Result<void> DuckDbWriter::restore() {
    const std::string schema(databaseFiles("sql/duckdb/schema.sql"));
    Result<Transaction> transaction = Transaction::begin(connection_.get());
    if (!transaction) return std::unexpected(transaction.error());
    if (Result<void> done = execute(connection_.get(), schema.c_str()); !done) return done;
    if (Result<void> done = transaction->commit(); !done) return done;
    crashPoint("database.after_schema");

    const Result<Applied> applied = readApplied(connection_.get());
    if (!applied) return std::unexpected(applied.error());
    applied_ = *applied;
    return codes_.load(connection_.get());
}

Result<void> DuckDbWriter::commit(const Commit& commit, StoredRows* stored) {
    CHECK(commit.range.first.value == applied_.last.value + 1,
          "a commit begins where the last one ended");
    CHECK(commit.delta.stored == rowCount(commit), "the counters count the rows");

    crashPoint("database.before_begin");
    Result<Transaction> transaction = Transaction::begin(connection_.get());
    if (!transaction) return std::unexpected(transaction.error());
    crashPoint("database.after_begin");
    Result<void> done = appendAll(connection_.get(), commit, codes_, clock_.utcNow(), stored);
    crashPoint("database.before_commit");
    if (done) done = transaction->commit();
    crashPoint("database.after_commit");
    if (!done) {
        codes_.discard();
        return done;
    }
    if (stored != nullptr) stored->names = codes_.addedNames();
    codes_.confirm();
    applied_.last = commit.range.last;
    applied_.totals += commit.delta;
    return {};
}

Result<void> DuckDbWriter::checkpoint() {
    crashPoint("database.before_checkpoint");
    Result<void> done = execute(connection_.get(), "CHECKPOINT");
    crashPoint("database.after_checkpoint");
    return done;
}

Result<void> DuckDbWriter::storeJourneys(std::span<const Journey> journeys) {
    Result<Transaction> transaction = Transaction::begin(connection_.get());
    if (!transaction) return std::unexpected(transaction.error());
    if (Result<void> done = execute(connection_.get(),
                                    "DELETE FROM journey_stages; DELETE FROM journey_event_types");
        !done)
        return done;
    if (Result<void> done = appendStages(connection_.get(), journeys); !done) return done;
    if (Result<void> done = appendStageTypes(connection_.get(), journeys); !done) return done;
    crashPoint("database.before_journeys");
    return transaction->commit();
}

Result<void> DuckDbWriter::drawIdentity() {
    return execute(connection_.get(),
                   "INSERT INTO database_identity SELECT count(*), uuid() FROM database_identity");
}

Result<void> checkSchema(duckdb_connection connection, const std::string& path) {
    std::uint64_t events_tables = 0;
    std::uint64_t version_tables = 0;
    Result<void> done =
        streamRows(connection,
                   "SELECT count(*) FILTER (table_name = 'stored_events')::UBIGINT,"
                   " count(*) FILTER (table_name = 'schema_version')::UBIGINT FROM duckdb_tables()",
                   [&](duckdb_data_chunk chunk, std::size_t) {
                       events_tables = columnOf<std::uint64_t>(chunk, 0)[0];
                       version_tables = columnOf<std::uint64_t>(chunk, 1)[0];
                   });
    if (!done || events_tables == 0) return done;
    std::uint32_t version = 1;  // the one before versions were written down
    if (version_tables > 0)
        done = streamRows(connection, "SELECT version FROM schema_version",
                          [&](duckdb_data_chunk chunk, std::size_t) {
                              version = columnOf<std::uint32_t>(chunk, 0)[0];
                          });
    if (!done || version == kSchemaVersion) return done;
    return fail(
        Code::kInvalidArgument,
        fmt::format("{} was made by another version of Footfall (its tables are of version {}, "
                    "not {}): use that version, or an empty folder",
                    path, version, kSchemaVersion));
}

Result<Applied> readApplied(duckdb_connection connection) {
    Applied applied;
    Result<void> done = streamRows(
        connection,
        "SELECT last_sequence, stored, duplicates, conflicts, dead_lettered, rejected, without_id,"
        " late FROM commits",
        [&](duckdb_data_chunk chunk, std::size_t count) {
            for (std::size_t row = 0; row < count; ++row) {
                const auto at = [&](std::size_t column) {
                    return columnOf<std::uint64_t>(chunk, column)[row];
                };
                applied.last = std::max(applied.last, SequenceNumber{at(0)});
                applied.totals += {.stored = at(1),
                                   .duplicates = at(2),
                                   .conflicts = at(3),
                                   .dead_lettered = at(4),
                                   .rejected = at(5),
                                   .without_id = at(6),
                                   .late = at(7)};
            }
        });
    if (!done) return std::unexpected(done.error());
    return applied;
}

}  // namespace footfall
