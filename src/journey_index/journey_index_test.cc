#include "journey_index/journey_index.h"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/batches.h"
#include "tests/fakes/duckdb_folder.h"
#include "tests/fakes/failing_database.h"
#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;

// That the index counts as SQL does is for tests/reports; here is how it keeps up.
class JourneyIndexTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto opened = folder_.open();
        ASSERT_TRUE(opened);
        database_ = std::move(*opened);
        start();
    }
    void start() {
        index_ = std::make_unique<JourneyIndex>(JourneyIndex::Options{.journey = defaultJourney(),
                                                                      .currency = "INR",
                                                                      .key = EventIdKey(1),
                                                                      .folder = "journeys",
                                                                      .patience = milliseconds(50)},
                                                *database_, files_, folder_.clock, metrics_);
        database_->observe(index_.get());
    }
    void restart() {
        index_->writeAll(folder_.clock.steadyNow() + std::chrono::hours(1));
        start();
    }
    void restore() { ASSERT_TRUE(index_->restore()); }

    // Stores `users` visits of one event each.
    void store(std::uint64_t first, std::uint64_t users, std::string_view type = "access_app") {
        EventBatchBuilder builder;
        for (std::uint64_t i = first; i < first + users; ++i) {
            const std::string user = fmt::format("user {}", i);
            EventView event = testEvent(testId(i), type);
            event.text(TextField::kUserId) = user;
            builder.append(event);
        }
        const EventBatch batch = builder.take();
        ASSERT_TRUE(database_->commit(commitOf(position(), {&batch})));
    }
    void takeAll() {
        while (index_->takeNext(milliseconds(0))) {
        }
    }
    SequenceNumber position() { return database_->applied().value().last; }
    // -1: the index cannot tell.
    std::int64_t users() {
        const auto counts = index_->countStages(everything(), position());
        return counts ? counts->total_users : -1;
    }
    std::int64_t events() {
        const auto counts = index_->countStages(everything(), position());
        return counts ? counts->total_events : -1;
    }
    static JourneyQuestion everything() {
        JourneyQuestion question;
        question.person.window_us = std::chrono::microseconds(std::chrono::hours(7 * 24)).count();
        return question;
    }

    DuckDbFolder folder_;
    MemoryFiles files_;
    Metrics metrics_;
    std::unique_ptr<DuckDbDatabase> database_;
    std::unique_ptr<JourneyIndex> index_;
};

TEST_F(JourneyIndexTest, cannotTellBeforeItHasReadTheDatabase) {
    store(0, 3);
    EXPECT_EQ(users(), -1);
    restore();
    EXPECT_EQ(users(), 3);
}

TEST_F(JourneyIndexTest, followsTheCommits) {
    restore();
    store(0, 3);
    store(2, 5);  // user 2 was there before
    takeAll();
    EXPECT_EQ(users(), 7);
}

TEST_F(JourneyIndexTest, cannotTellOfACommitThatItHasNotTakenIn) {
    restore();
    store(0, 3);
    EXPECT_EQ(users(), -1);
}

TEST_F(JourneyIndexTest, beginsWhereItsFilesEnd) {
    restore();
    store(0, 3);
    takeAll();
    restart();
    store(3, 2);
    // What the files cover is not read again: in the table it is gone.
    const Query empty{
        .sql = "DELETE FROM stored_events WHERE sequence <= 3; COMMIT; BEGIN; SELECT 1",
        .shadows = {}};
    ASSERT_TRUE(database_->query(empty));
    restore();
    EXPECT_EQ(users(), 5);
}

TEST_F(JourneyIndexTest, readsTheDatabaseWhereAFileIsGone) {
    restore();
    store(0, 3);
    store(3, LogShard::kPersons + 10);  // two shards
    takeAll();
    restart();
    ASSERT_TRUE(files_.remove("journeys/000001.journeys"));
    restore();
    EXPECT_EQ(users(), 3 + static_cast<std::int64_t>(LogShard::kPersons) + 10);
    // What the other file covers is read again, and not taken twice.
    EXPECT_EQ(events(), users());
}

TEST_F(JourneyIndexTest, readsTheDatabaseForAShardThatNeverHadAFile) {
    restore();
    store(0, 3);
    takeAll();
    restart();
    store(3, LogShard::kPersons + 10);
    restore();
    EXPECT_EQ(users(), 3 + static_cast<std::int64_t>(LogShard::kPersons) + 10);
}

TEST_F(JourneyIndexTest, leavesTheFilesOfAnotherDatabaseAlone) {
    restore();
    store(0, 3);
    takeAll();
    index_->writeAll(folder_.clock.steadyNow() + std::chrono::hours(1));
    DuckDbFolder other;
    auto opened = other.open();
    ASSERT_TRUE(opened);
    database_ = std::move(*opened);
    start();
    store(0, 1);
    restore();
    EXPECT_EQ(users(), 1);
}

TEST_F(JourneyIndexTest, readsWhatItWasNotToldOf) {
    restore();
    store(0, 3);
    takeAll();
    database_->observe(nullptr);
    store(3, 2);
    EXPECT_EQ(users(), -1);
    // Having been asked for more than it was told of, it looks.
    EXPECT_FALSE(index_->takeNext(milliseconds(0)));
    restore();
    EXPECT_EQ(users(), 5);
}

TEST_F(JourneyIndexTest, readsTheGapBeforeACommitItIsToldOf) {
    restore();
    database_->observe(nullptr);
    store(0, 3);
    database_->observe(index_.get());
    store(3, 2);
    takeAll();
    restore();
    EXPECT_EQ(users(), 5);
}

TEST_F(JourneyIndexTest, runsUntilItIsStoppedAndHasEverythingThen) {
    std::jthread thread([this](const std::stop_token& stop) { index_->run(stop); });
    for (std::uint64_t i = 0; i < 30; ++i) store(10 * i, 10);
    thread.request_stop();
    thread.join();
    database_->observe(nullptr);
    start();
    restore();
    EXPECT_EQ(users(), 300);
}

TEST_F(JourneyIndexTest, countsWhileEventsComeIn) {
    std::jthread taking([this](const std::stop_token& stop) { index_->run(stop); });
    std::jthread asking([this](const std::stop_token& stop) {
        JourneyQuestion of_a_device = everything();
        of_a_device.device = "unknown";
        while (!stop.stop_requested()) {
            // Commits are taken in whole, each event is another user's, and nobody has a device.
            const SequenceNumber applied = position();
            const auto standing = index_->countStages(everything(), applied);
            const auto scanned = index_->countStages(of_a_device, applied);
            if (!standing || !scanned) continue;
            EXPECT_EQ(standing->total_users % 10, 0);
            EXPECT_GE(standing->total_users, static_cast<std::int64_t>(applied.value));
            EXPECT_GE(scanned->total_users, static_cast<std::int64_t>(applied.value));
        }
    });
    for (std::uint64_t i = 0; i < 50; ++i) store(10 * i, 10);
    asking.request_stop();
    asking.join();
    taking.request_stop();
    taking.join();
}

TEST_F(JourneyIndexTest, scansOnceForAllReportsOfAQuestion) {
    restore();
    store(0, 3);
    takeAll();
    const SequenceNumber before = position();
    JourneyQuestion of_a_device = everything();
    of_a_device.device = "unknown";
    ASSERT_EQ(index_->countStages(of_a_device, before)->total_users, 3);

    store(3, 2);
    takeAll();

    EXPECT_EQ(index_->countCities(of_a_device, before)->front().users, 3) << "it was scanned anew";
    EXPECT_EQ(index_->countTrend(of_a_device, before)->front().users, 3) << "it was scanned anew";
    EXPECT_EQ(index_->countStages(of_a_device, position())->total_users, 5);
    EXPECT_EQ(index_->countCities(of_a_device, before)->front().users, 5);
}

// Which of its rows were taken in before a scan broke off is not known.
TEST(JourneyIndexOfABrokenScan, tellsAndWritesNothingRatherThanCountTwice) {
    FakeClock clock;
    MemoryFiles files;
    Metrics metrics;
    FailingDatabase database;
    const EventBatch batch = batchOf(0, 3);
    ASSERT_TRUE(database.commit(commitOf({}, {&batch})));
    const JourneyIndex::Options options{.journey = defaultJourney(),
                                        .currency = "INR",
                                        .key = EventIdKey(1),
                                        .folder = "journeys",
                                        .patience = milliseconds(0)};
    const JourneyQuestion question{
        .person = {.window_us = std::chrono::microseconds(std::chrono::hours(7 * 24)).count()},
        .city = {},
        .device = {},
        .channel = {}};
    database.failScans(1);
    {
        JourneyIndex index(options, database, files, clock, metrics);
        EXPECT_FALSE(index.restore());
        EXPECT_FALSE(index.restore());
        EXPECT_FALSE(index.countStages(question, {3}));
        index.writeAll(clock.steadyNow() + std::chrono::hours(1));
        index.run({});  // gives up
    }
    JourneyIndex next(options, database, files, clock, metrics);
    ASSERT_TRUE(next.restore());
    const auto counts = next.countStages(question, {3});
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->total_events, 3);
}

TEST_F(JourneyIndexTest, answersForItsOwnJourneyAlone) {
    EXPECT_TRUE(index_->isOf(defaultJourney(), "INR"));
    EXPECT_FALSE(index_->isOf(defaultJourney(), "EUR"));
    Journey other = defaultJourney();
    other.stages[2].event_types.pop_back();
    EXPECT_FALSE(index_->isOf(other, "INR"));
}

}  // namespace
}  // namespace footfall
