#include "queue_consumer/queue_consumer.h"

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/pipeline.h"
#include "tests/fakes/running_door.h"

namespace footfall {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Unknown = FailingDatabase::Unknown;

constexpr QueueConsumerOptions kDefaults{.committer = {.random_seed = 1}};

class QueueConsumerTest : public ::testing::Test {
  protected:
    FailingDatabase database_;
    MemoryFiles disk_;
};

std::vector<EventId> idsFrom(std::uint64_t first, std::size_t count) {
    return batchOf(first, count).ids;
}

TEST_F(QueueConsumerTest, storesManyBatchesInOneTransaction) {
    Pipeline pipeline(database_, disk_);
    for (std::uint64_t i = 0; i < 10; ++i) pipeline.submit(batchOf(i * 3, 3));

    EXPECT_EQ(pipeline.drain(), 30u);

    ASSERT_EQ(database_.commits().size(), 1u);
    EXPECT_EQ(database_.ids(), idsFrom(0, 30));
    EXPECT_EQ(pipeline.totals(), EventCounters{.stored = 30});
    EXPECT_EQ(pipeline.inFlight(), 0u);
    EXPECT_EQ(pipeline.metric("commits_total"), 1u);
    EXPECT_EQ(pipeline.metric("events_stored_total"), 30u);
}

TEST_F(QueueConsumerTest, waitsForMoreUntilTheDelayIsOver) {
    Pipeline pipeline(database_, disk_);
    pipeline.submit(batchOf(1, 1));
    pipeline.consumer.drainOnce(microseconds(0));

    pipeline.clock.advance(kDefaults.commit_delay - milliseconds(1));
    EXPECT_EQ(pipeline.consumer.drainOnce(microseconds(0)), 0u);
    pipeline.clock.advance(milliseconds(1));
    EXPECT_EQ(pipeline.consumer.drainOnce(microseconds(0)), 1u);
}

TEST_F(QueueConsumerTest, commitsAtOnceWhenARowGroupIsFullAndLeavesTheRestForTheNext) {
    Pipeline pipeline(database_, disk_, {.consumer = {.commit_rows = 10}});
    for (std::uint64_t i = 0; i < 5; ++i) pipeline.submit(batchOf(i * 4, 4));

    EXPECT_EQ(pipeline.consumer.drainOnce(microseconds(0)), 10u);

    EXPECT_EQ(database_.ids(), idsFrom(0, 10));
    EXPECT_EQ(pipeline.queue.events(), 8u);
    EXPECT_EQ(pipeline.drain(), 10u);
    EXPECT_EQ(database_.ids(), idsFrom(0, 20));
}

TEST_F(QueueConsumerTest, fillsARowGroupThoughSomeEventsAreDuplicates) {
    Pipeline pipeline(database_, disk_, {.consumer = {.commit_rows = 16}});
    pipeline.submit(batchOf(0, 8));
    pipeline.submit(batchOf(6, 6));
    pipeline.submit(batchOf(12, 8));

    EXPECT_EQ(pipeline.consumer.drainOnce(microseconds(0)), 18u);

    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 16, .duplicates = 2}));
}

TEST_F(QueueConsumerTest, countsWhatCameWithABatchOnceWhenACommitEndsWithinIt) {
    Pipeline pipeline(database_, disk_, {.consumer = {.commit_rows = 16}});
    EventBatch batch = batchOf(0, 20);
    batch.rejected_count = 3;
    pipeline.submit(std::move(batch));

    pipeline.consumer.drainOnce(microseconds(0));
    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 16}));
    pipeline.drain();
    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 20, .rejected = 3}));
}

TEST_F(QueueConsumerTest, continuesAfterACrashWithinTheBatchThatACommitEndedIn) {
    {
        Pipeline pipeline(database_, disk_, {.consumer = {.commit_rows = 16}});
        pipeline.submit(batchOf(0, 20));
        pipeline.consumer.drainOnce(microseconds(0));
        ASSERT_EQ(database_.ids(), idsFrom(0, 16));
    }
    Pipeline restarted(database_, disk_);
    restarted.drain();

    EXPECT_EQ(database_.ids(), idsFrom(0, 20));
    EXPECT_EQ(restarted.totals(), (EventCounters{.stored = 20}));
}

TEST_F(QueueConsumerTest, commitsAtOnceWhenTheBytesAreReached) {
    const std::size_t bytes = batchOf(1, 4).bytes();
    Pipeline pipeline(database_, disk_, {.consumer = {.commit_bytes = 2 * bytes}});
    for (std::uint64_t i = 0; i < 3; ++i) pipeline.submit(batchOf(i * 4, 4));

    EXPECT_EQ(pipeline.consumer.drainOnce(microseconds(0)), 8u);
}

TEST_F(QueueConsumerTest, storesTheSameBatchOnceAfterFiveFailures) {
    Pipeline pipeline(database_, disk_);
    database_.failCommits(5, Code::kUnavailable);
    pipeline.submit(batchOf(1, 3));

    pipeline.drainThroughRetries();

    EXPECT_EQ(database_.attempts(), 6u);
    EXPECT_EQ(database_.ids(), idsFrom(1, 3));
    EXPECT_EQ(pipeline.totals(), EventCounters{.stored = 3});
    EXPECT_EQ(pipeline.metric("commit_retries_total"), 5u);
}

TEST_F(QueueConsumerTest, triesAFailedCommitAgainNoSoonerThanItsDelay) {
    Pipeline pipeline(database_, disk_);
    database_.failCommits(1, Code::kUnavailable);
    pipeline.submit(batchOf(1, 1));
    pipeline.drain();
    ASSERT_TRUE(pipeline.consumer.retryAt());
    const auto delay = *pipeline.consumer.retryAt() - pipeline.clock.steadyNow();
    ASSERT_GT(delay, microseconds(1));
    ASSERT_LE(delay, kDefaults.committer.backoff.base);

    pipeline.clock.advance(delay - microseconds(1));
    EXPECT_EQ(pipeline.consumer.drainOnce(microseconds(0)), 0u);
    EXPECT_EQ(database_.attempts(), 1u);
    pipeline.clock.advance(microseconds(1));
    EXPECT_EQ(pipeline.consumer.drainOnce(microseconds(0)), 1u);
    EXPECT_FALSE(pipeline.consumer.retryAt());
}

TEST_F(QueueConsumerTest, takesNothingFromTheQueueWhileACommitFails) {
    Pipeline pipeline(database_, disk_);
    database_.failCommits(1'000'000, Code::kUnavailable);
    pipeline.submit(batchOf(1, 1));
    pipeline.drain();
    pipeline.submit(batchOf(2, 5));

    for (int i = 0; i < 10; ++i) pipeline.drain();

    EXPECT_EQ(pipeline.queue.events(), 5u);
    EXPECT_EQ(pipeline.inFlight(), 6u);
}

TEST_F(QueueConsumerTest, separatesDuplicatesWithinABatchAcrossBatchesAndAcrossRestarts) {
    {
        Pipeline pipeline(database_, disk_);
        pipeline.submit(batchOf({testEvent(testId(1)), testEvent(testId(1))}));
        pipeline.submit(batchOf({testEvent(testId(1)), testEvent(testId(2))}));
        pipeline.drain();
        pipeline.submit(batchOf({testEvent(testId(2))}));
        pipeline.drain();
        EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 2, .duplicates = 3}));
    }
    Pipeline restarted(database_, disk_);
    restarted.submit(batchOf({testEvent(testId(1)), testEvent(testId(3))}));
    restarted.drain();

    EXPECT_EQ(restarted.totals(), (EventCounters{.stored = 3, .duplicates = 4}));
    EXPECT_EQ(database_.ids(), idsFrom(1, 3));
}

TEST_F(QueueConsumerTest, knowsADuplicateADayLaterHoweverManyCameBetween) {
    Pipeline pipeline(database_, disk_, {.deduplicator = {.generation_ids = 100}});
    for (std::uint64_t i = 0; i < 50; ++i) {
        pipeline.submit(batchOf(i * 40, 40));
        pipeline.drain();
        while (pipeline.deduplicator.step().value_or(false)) continue;
    }
    pipeline.clock.advance(std::chrono::hours(25));

    pipeline.submit(batchOf(0, 2'000));
    pipeline.drain();

    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 2'000, .duplicates = 2'000}));
}

TEST_F(QueueConsumerTest, keepsTheFirstOfTwoPayloadsAndCountsTheConflict) {
    Pipeline pipeline(database_, disk_);

    pipeline.submit(
        batchOf({testEvent(testId(1), "access_app", 7), testEvent(testId(1), "place_order", 8),
                 testEvent(testId(1), "access_app", 7)}));
    pipeline.drain();

    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 1, .duplicates = 2, .conflicts = 1}));
    EXPECT_EQ(database_.commits()[0].rows[0].payload_hash, 7u);
}

TEST_F(QueueConsumerTest, bisectsARefusedCommitDownToTheGuiltyEvents) {
    Pipeline pipeline(database_, disk_);
    EventBatch batch = batchOf(1, 100);
    pipeline.submit(std::move(batch));
    pipeline.submit(batchOf({testEvent(testId(200)), testEvent(testId(201), "poison"),
                             testEvent(testId(202)), testEvent(testId(203), "poison")}));
    pipeline.submit(batchOf(300, 100));

    EXPECT_EQ(pipeline.drain(), 204u);

    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 202, .dead_lettered = 2}));
    EXPECT_EQ(pipeline.inFlight(), 0u);
    std::vector<EventId> expected = idsFrom(1, 100);
    expected.push_back(testId(200));
    expected.push_back(testId(202));
    std::ranges::copy(idsFrom(300, 100), std::back_inserter(expected));
    EXPECT_EQ(database_.ids(), expected);
    EXPECT_LT(database_.attempts(), 60u) << "halves, not one by one";
    const std::string letters = disk_.text("dead_letters.jsonl");
    EXPECT_EQ(std::ranges::count(letters, '\n'), 2);
    EXPECT_NE(letters.find(R"("reason":"cannot hold \"poison\"")"), std::string::npos);
    EXPECT_GE(disk_.syncs(), 2u);
}

TEST_F(QueueConsumerTest, countsADeadLetterOnlyOnceItIsOnDisk) {
    Pipeline pipeline(database_, disk_);
    pipeline.submit(batchOf({testEvent(testId(1), "poison")}));
    disk_.failSyncs(1);

    pipeline.drain();
    EXPECT_EQ(pipeline.inFlight(), 1u);
    EXPECT_EQ(pipeline.totals(), EventCounters());

    pipeline.drainThroughRetries();
    EXPECT_EQ(pipeline.inFlight(), 0u);
    EXPECT_EQ(pipeline.totals(), EventCounters{.dead_lettered = 1});
}

TEST_F(QueueConsumerTest, storesAMendedEventUnderTheIdOfADeadLetter) {
    Pipeline pipeline(database_, disk_);
    pipeline.submit(batchOf({testEvent(testId(1), "poison")}));
    pipeline.drain();

    pipeline.submit(batchOf({testEvent(testId(1), "access_app")}));
    pipeline.drain();

    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 1, .dead_lettered = 1}));
}

// As after a crash, when the journal brings back what was decided in commits of its own.
TEST_F(QueueConsumerTest, storesAMendedEventThoughItIsDecidedTogetherWithItsDeadLetter) {
    Pipeline pipeline(database_, disk_);
    pipeline.submit(batchOf({testEvent(testId(1), "poison", 1), testEvent(testId(2)),
                             testEvent(testId(1), "poison", 1)}));
    pipeline.submit(
        batchOf({testEvent(testId(1), "access_app", 2), testEvent(testId(1), "access_app", 2),
                 testEvent(testId(1), "access_app", 3)}));

    pipeline.drain();
    pipeline.submit(batchOf({testEvent(testId(1), "access_app", 2)}));
    pipeline.drain();

    EXPECT_EQ(database_.ids(), (std::vector<EventId>{testId(2), testId(1)}));
    EXPECT_EQ(pipeline.totals(),
              (EventCounters{.stored = 2, .duplicates = 3, .conflicts = 1, .dead_lettered = 2}));
}

TEST_F(QueueConsumerTest, skipsACommitThatHappenedThoughItsOutcomeWasUnknown) {
    Pipeline pipeline(database_, disk_);
    database_.leaveNextCommitUnknown(Unknown::kHappened);
    pipeline.submit(batchOf(1, 3));

    pipeline.drainThroughRetries();

    EXPECT_EQ(database_.attempts(), 1u);
    EXPECT_EQ(database_.reopens(), 1u);
    EXPECT_EQ(database_.ids(), idsFrom(1, 3));
    EXPECT_EQ(pipeline.totals(), EventCounters{.stored = 3});
}

TEST_F(QueueConsumerTest, repeatsACommitThatDidNotHappen) {
    Pipeline pipeline(database_, disk_);
    database_.leaveNextCommitUnknown(Unknown::kDidNotHappen);
    database_.failReopens(2);
    pipeline.submit(batchOf(1, 3));

    pipeline.drainThroughRetries();

    EXPECT_EQ(database_.attempts(), 2u);
    EXPECT_EQ(database_.reopens(), 3u);
    EXPECT_EQ(database_.ids(), idsFrom(1, 3));
}

TEST_F(QueueConsumerTest, knowsByTheCountersWhetherACommitWithoutEventsHappened) {
    Pipeline pipeline(database_, disk_);
    pipeline.door.addRejected(4);
    database_.leaveNextCommitUnknown(Unknown::kHappened);
    pipeline.drainThroughRetries();
    pipeline.door.addRejected(3);
    database_.leaveNextCommitUnknown(Unknown::kDidNotHappen);
    pipeline.drainThroughRetries();

    EXPECT_EQ(pipeline.totals(), EventCounters{.rejected = 7});
    EXPECT_EQ(database_.applied()->totals, EventCounters{.rejected = 7});
    EXPECT_EQ(database_.applied()->last.value, 0u);
}

TEST_F(QueueConsumerTest, reopensAfterAFatalError) {
    Pipeline pipeline(database_, disk_);
    database_.failCommits(1, Code::kFatal);
    pipeline.submit(batchOf(1, 3));

    pipeline.drainThroughRetries();

    EXPECT_EQ(database_.reopens(), 1u);
    EXPECT_EQ(database_.ids(), idsFrom(1, 3));
}

TEST_F(QueueConsumerTest, tellsOnceThatTheDatabaseIsDamagedAndGoesOnTrying) {
    Pipeline pipeline(database_, disk_);
    std::vector<Code> told;
    pipeline.consumer.onDamaged([&told](const Error& error) { told.push_back(error.code); });
    database_.failCommits(1, Code::kFatal);
    database_.failReopens(3, Code::kFatal);

    pipeline.submit(batchOf(1, 10));
    pipeline.drainThroughRetries();

    EXPECT_EQ(told, std::vector{Code::kFatal});
    EXPECT_EQ(database_.ids(), idsFrom(1, 10));
}

TEST_F(QueueConsumerTest, countersAddUpWhateverHappens) {
    Pipeline pipeline(database_, disk_);
    EventBatch mixed = batchOf({testEvent(testId(1)), testEvent(testId(2), "poison"),
                                testEvent(testId(1)), testEvent(testId(1), "place_order", 9)});
    mixed.rejected_count = 5;
    mixed.late_count = 2;
    mixed.assigned_id_count = 1;
    pipeline.door.addRejected(7);
    pipeline.submit(std::move(mixed));
    pipeline.submit(batchOf(10, 50));
    database_.failCommits(2, Code::kUnavailable);

    pipeline.drainThroughRetries();
    pipeline.submit(batchOf(100, 6));

    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 51,
                                                .duplicates = 2,
                                                .conflicts = 1,
                                                .dead_lettered = 1,
                                                .rejected = 12,
                                                .without_id = 1,
                                                .late = 2}));
    const EventCounters totals = pipeline.totals();
    EXPECT_EQ(pipeline.door.lastAccepted().value,
              totals.stored + totals.duplicates + totals.dead_lettered + pipeline.inFlight());
    EXPECT_EQ(database_.applied()->totals, totals);
}

TEST_F(QueueConsumerTest, checkpointsNowAndThenAndOnlyAfterACommit) {
    Pipeline pipeline(database_, disk_);
    pipeline.clock.advance(seconds(60));
    pipeline.drain();
    EXPECT_EQ(database_.checkpoints(), 0u);

    pipeline.submit(batchOf(1, 1));
    pipeline.drain();
    EXPECT_EQ(database_.checkpoints(), 1u);

    pipeline.submit(batchOf(2, 1));
    pipeline.drain();
    EXPECT_EQ(database_.checkpoints(), 1u) << "too soon";
    pipeline.clock.advance(kDefaults.checkpoint_every);
    pipeline.drain();
    EXPECT_EQ(database_.checkpoints(), 2u);
}

TEST_F(QueueConsumerTest, doesNotCheckpointWhileARetryIsDue) {
    Pipeline pipeline(database_, disk_);
    pipeline.submit(batchOf(1, 1));
    pipeline.drain();
    database_.failCommits(1'000, Code::kUnavailable);
    pipeline.submit(batchOf(2, 1));
    pipeline.drain();

    for (int i = 0; i < 100; ++i) pipeline.drain();

    EXPECT_EQ(database_.checkpoints(), 0u);
}

TEST_F(QueueConsumerTest, trimsTheJournalOnlyBehindACheckpointThatSucceeded) {
    Pipeline pipeline(database_, disk_);
    database_.failCheckpoints(1'000'000);
    std::uint64_t first = 1;
    for (; pipeline.journal->segments() < 5; first += 100) {
        pipeline.submit(batchOf(first, 100));
        pipeline.drain();
    }
    EXPECT_GT(database_.checkpoints(), 0u);
    EXPECT_EQ(pipeline.journal->firstRetained().value, 1u);

    database_.failCheckpoints(0);
    pipeline.submit(batchOf(first, 100));
    pipeline.clock.advance(kDefaults.checkpoint_every);
    pipeline.drain();

    EXPECT_GT(pipeline.journal->firstRetained().value, 1u);
    EXPECT_LE(pipeline.journal->firstRetained(), pipeline.consumer.applied().last + 1);
}

TEST_F(QueueConsumerTest, storesNothingTwiceWhenARefusedClientResends) {
    constexpr std::uint64_t kBatch = 100;
    Pipeline pipeline(database_, disk_, {.journal_bytes_max = 128 << 10});
    std::uint64_t first = 1;
    for (; pipeline.outcomes.empty() || pipeline.outcomes.back(); first += kBatch)
        pipeline.submit(batchOf(first, kBatch));
    first -= kBatch;
    ASSERT_EQ(pipeline.outcomes.back().error().code, Code::kQueueFull);

    pipeline.drain();  // and with it a checkpoint, which gives the journal room
    pipeline.submit(batchOf(first, kBatch));
    ASSERT_TRUE(pipeline.outcomes.back());
    pipeline.submit(batchOf(first, kBatch));  // the answer was lost on its way: sent once more
    pipeline.drain();

    EXPECT_EQ(database_.ids(), idsFrom(1, first + kBatch - 1));
    EXPECT_EQ(pipeline.totals(),
              (EventCounters{.stored = first + kBatch - 1, .duplicates = kBatch}));
}

TEST_F(QueueConsumerTest, storesOnceWhatACrashLeftInTheJournal) {
    {
        Pipeline crashed(database_, disk_);
        crashed.submit(batchOf(1, 10));
        crashed.drain();
        crashed.submit(batchOf(6, 10));
        ASSERT_EQ(crashed.inFlight(), 10u);
    }

    Pipeline pipeline(database_, disk_);
    EXPECT_EQ(pipeline.inFlight(), 10u);
    pipeline.drain();

    EXPECT_EQ(pipeline.inFlight(), 0u);
    EXPECT_EQ(database_.ids(), idsFrom(1, 15));
    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 15, .duplicates = 5}));
}

TEST_F(QueueConsumerTest, dropsNothingWhenTheQueueCloses) {
    Pipeline pipeline(database_, disk_);
    database_.failCommits(2, Code::kUnavailable);
    for (std::uint64_t i = 0; i < 10; ++i) pipeline.submit(batchOf(i * 3, 3));

    pipeline.close();
    pipeline.drainThroughRetries();

    EXPECT_TRUE(pipeline.consumer.finished());
    EXPECT_EQ(database_.ids(), idsFrom(0, 30));
    EXPECT_EQ(database_.checkpoints(), 1u);
}

TEST_F(QueueConsumerTest, waitsForTheArchiveOfIdsWhenTooManyAreInMemory) {
    Pipeline pipeline(database_, disk_,
                      {.deduplicator = {.generation_ids = 10, .generations_max = 2}});
    for (std::uint64_t i = 0; i < 3; ++i) {
        pipeline.submit(batchOf(i * 10, 10));
        pipeline.drain();
    }
    EXPECT_EQ(database_.ids(), idsFrom(0, 20)) << "one generation is full, one waits to be written";
    EXPECT_FALSE(pipeline.consumer.retryAt());

    ASSERT_TRUE(pipeline.deduplicator.step());
    pipeline.drain();

    EXPECT_EQ(database_.ids(), idsFrom(0, 30));
    EXPECT_GE(pipeline.metric("deduplicator_waits_total"), 1u);
}

TEST_F(QueueConsumerTest, storesWhatIsLeftThoughTheArchiveOfIdsTakesNothing) {
    Pipeline pipeline(database_, disk_,
                      {.deduplicator = {.generation_ids = 10, .generations_max = 2}});
    for (std::uint64_t i = 0; i < 5; ++i) {
        pipeline.submit(batchOf(i * 10, 10));
        pipeline.drain();
    }

    pipeline.close();
    pipeline.drain();

    EXPECT_TRUE(pipeline.consumer.finished());
    EXPECT_EQ(database_.ids(), idsFrom(0, 50));
}

TEST_F(QueueConsumerTest, readsTheIdsAgainWhenTheirArchiveIsDamagedAndStoresNoneTwice) {
    Pipeline pipeline(database_, disk_, {.deduplicator = {.generation_ids = 10}});
    for (std::uint64_t i = 0; i < 3; ++i) {
        pipeline.submit(batchOf(i * 10, 10));
        pipeline.drain();
        ASSERT_TRUE(pipeline.deduplicator.step());
    }
    const std::string run = "ids/" + disk_.list("ids")->front();
    std::string text = disk_.text(run);
    text.at(1'030) ^= 1;
    const auto file = disk_.open(run, OpenMode::kReadWrite);
    ASSERT_TRUE((*file)->writeAt(0, std::as_bytes(std::span(text))));

    pipeline.submit(batchOf(0, 40));
    pipeline.drainThroughRetries();

    EXPECT_EQ(database_.ids(), idsFrom(0, 40));
    EXPECT_EQ(pipeline.totals(), (EventCounters{.stored = 40, .duplicates = 30}));
    EXPECT_EQ(pipeline.metric("deduplicator_restores_total"), 2u);
}

TEST_F(QueueConsumerTest, startsThoughAFileOfIdsTurnsOutToBeDamagedWhenItIsMerged) {
    {
        Pipeline before(database_, disk_, {.deduplicator = {.generation_ids = 10}});
        before.submit(batchOf(0, 10));
        before.drain();
        before.submit(batchOf(10, 30));  // seals the first ten
        before.drain();
        ASSERT_TRUE(before.deduplicator.step());
    }
    const std::string path = "ids/" + disk_.list("ids")->front();
    std::string text = disk_.text(path);
    text[1'030] ^= 1;  // in its first page of ids
    ASSERT_TRUE(disk_.replace(path, text));

    // So few that the thirty are written to files, and merged with that one.
    Pipeline after(database_, disk_, {.deduplicator = {.generation_ids = 1}});
    after.submit(batchOf(0, 40));
    after.drain();

    EXPECT_EQ(after.metric("deduplicator_restores_total"), 1u) << "at the first attempt";
    EXPECT_EQ(after.totals(), (EventCounters{.stored = 40, .duplicates = 40}));
}

TEST_F(QueueConsumerTest, runReturnsOnceEverythingIsCommitted) {
    Metrics metrics;
    const SystemClock clock;
    FakeClock timers;
    EventQueue queue({}, metrics);
    RunningDoor door(queue, clock, timers, metrics);
    Deduplicator deduplicator({}, disk_, "ids", metrics);
    DeadLetters dead_letters(disk_, "dead_letters.jsonl");
    QueueConsumer consumer({}, door.door, database_, deduplicator, dead_letters, clock, metrics);
    ASSERT_TRUE(consumer.restore());
    database_.failCommits(1, Code::kUnavailable);
    std::jthread thread([&consumer](std::stop_token stop) { consumer.run(std::move(stop)); });

    for (std::uint64_t i = 0; i < 100; ++i) EXPECT_TRUE(door.submit(batchOf(i, 1)));
    door.close();
    thread.join();

    EXPECT_EQ(database_.ids(), idsFrom(0, 100));
    EXPECT_EQ(consumer.applied().last.value, 100u);
    EXPECT_EQ(database_.checkpoints(), 1u);
}

TEST_F(QueueConsumerTest, runStopsThoughACommitKeepsFailing) {
    Metrics metrics;
    const SystemClock clock;
    FakeClock timers;
    EventQueue queue({}, metrics);
    RunningDoor door(queue, clock, timers, metrics);
    Deduplicator deduplicator({}, disk_, "ids", metrics);
    DeadLetters dead_letters(disk_, "dead_letters.jsonl");
    QueueConsumer consumer({.commit_rows = 1}, door.door, database_, deduplicator, dead_letters,
                           clock, metrics);
    ASSERT_TRUE(consumer.restore());
    database_.failCommits(1'000'000, Code::kUnavailable);
    database_.block();
    std::jthread thread([&consumer](std::stop_token stop) { consumer.run(std::move(stop)); });
    EXPECT_TRUE(door.submit(batchOf(1, 1)));
    database_.waitUntilBlocked();

    thread.request_stop();
    database_.release();
    thread.join();

    EXPECT_EQ(consumer.applied().last.value, 0u);
    EXPECT_FALSE(consumer.finished());
}

TEST_F(QueueConsumerTest, acknowledgesWhileTheDatabaseIsBlocked) {
    Metrics metrics;
    const SystemClock clock;
    FakeClock timers;
    EventQueue queue({}, metrics);
    RunningDoor door(queue, clock, timers, metrics);
    Deduplicator deduplicator({}, disk_, "ids", metrics);
    DeadLetters dead_letters(disk_, "dead_letters.jsonl");
    QueueConsumer consumer({.commit_rows = 1}, door.door, database_, deduplicator, dead_letters,
                           clock, metrics);
    ASSERT_TRUE(consumer.restore());
    database_.block();
    std::jthread thread([&consumer](std::stop_token stop) { consumer.run(std::move(stop)); });
    EXPECT_TRUE(door.submit(batchOf(1, 1)));
    database_.waitUntilBlocked();

    EXPECT_TRUE(door.submit(batchOf(2, 1)));
    EXPECT_EQ(consumer.applied().last.value, 0u);

    database_.release();
    door.close();
    thread.join();
    EXPECT_EQ(database_.ids(), idsFrom(1, 2));
}

}  // namespace
}  // namespace footfall
