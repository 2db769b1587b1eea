// Many threads through the door, the consumer and a real DuckDB file: rows equal distinct ids.
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "queue_consumer/queue_consumer.h"
#include "support/file.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/duckdb_folder.h"
#include "tests/fakes/running_door.h"
#include "tests/fakes/timer_thread.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kWriters = 8;
constexpr std::size_t kBatchesPerWriter = 1'000;
constexpr std::size_t kEventsPerBatch = 20;
// Each batch shares half its events with the next one, and all of them with the other writers'.
constexpr std::size_t kNewPerBatch = kEventsPerBatch / 2;
constexpr std::uint64_t kDistinct = (kBatchesPerWriter - 1) * kNewPerBatch + kEventsPerBatch;
constexpr std::uint64_t kSent = kWriters * kBatchesPerWriter * kEventsPerBatch;

// As a client does: waits for the answer, and sends the same ids again when there was no room.
std::int64_t countOf(Database& database, const std::string& sql) {
    const Result<QueryResult> result = database.query({.sql = sql, .shadows = {}});
    if (!result) return -1;
    return std::get<std::int64_t>(result->rows.at(0).at(0));
}

TEST(ManyWriters, leaveEachEventOnceInARealDatabase) {
    const DuckDbFolder folder;
    const SystemClock clock;
    Metrics metrics;
    PosixFileSystem files;
    auto database = DuckDbDatabase::open(folder.options(), clock);
    ASSERT_TRUE(database) << database.error().what;
    // So small that pushes are refused all the time, and the consumer reads the journal.
    EventQueue queue({.events_max = 2'000}, metrics);
    TimerThread timers;
    RunningDoor door(queue, clock, timers, metrics);
    DeadLetters dead_letters(files, folder.path() + "/dead_letters.jsonl");
    Deduplicator deduplicator({.generation_ids = 1'000}, files, folder.path() + "/ids", metrics);
    QueueConsumer consumer({.commit_rows = 10'000, .commit_delay = milliseconds(20)}, door.door,
                           **database, deduplicator, dead_letters, clock, metrics);
    ASSERT_TRUE(consumer.restore());
    const std::jthread archiving(
        [&deduplicator](const std::stop_token& stop) { deduplicator.run(stop); });
    std::jthread consuming([&consumer](std::stop_token stop) { consumer.run(std::move(stop)); });

    {
        std::vector<std::jthread> writers;
        for (std::size_t writer = 0; writer < kWriters; ++writer)
            writers.emplace_back([&] {
                for (std::uint64_t i = 0; i < kBatchesPerWriter; ++i)
                    ASSERT_TRUE(door.submit(batchOf(i * kNewPerBatch, kEventsPerBatch)));
            });
    }
    door.close();
    consuming.join();

    EXPECT_EQ(consumer.applied().totals,
              (EventCounters{.stored = kDistinct, .duplicates = kSent - kDistinct}));
    EXPECT_EQ((*database)->storedRows().value(), kDistinct);
    EXPECT_EQ(countOf(**database, "SELECT count(DISTINCT event_id) FROM events"),
              static_cast<std::int64_t>(kDistinct));
}

}  // namespace
}  // namespace footfall
