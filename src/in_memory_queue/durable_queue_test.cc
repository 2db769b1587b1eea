#include "in_memory_queue/durable_queue.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/batches.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_files.h"
#include "tests/fakes/refusing_queue.h"

namespace footfall {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct DoorOptions {
    std::size_t refusals = 0;  // of the first pushes
    DurableQueue::Options door{.random_seed = 1};
    EventQueueOptions queue{};
    std::uint64_t journal_bytes_max = 1 << 20;
    std::optional<SequenceNumber> applied = SequenceNumber{};  // nullopt: not known yet
};

// A door onto a journal in memory and a queue that refuses the first pushes, on a clock that stands
// still. The disk outlives it.
struct Door {
    explicit Door(MemoryFiles& disk, DoorOptions options = {})
        : queue(options.refusals, metrics, options.queue),
          journal(*Journal::open({.folder = "journal",
                                  .segment_bytes = 64 << 10,
                                  .bytes_max = options.journal_bytes_max},
                                 disk, clock, metrics, options.applied.value_or(SequenceNumber{}))),
          door(options.door, *journal, queue, clock, clock, metrics) {
        if (options.applied) door.begin(*options.applied);
    }

    // Until the disk is asked.
    void submitOnly(EventBatch batch) {
        door.submit(std::move(batch),
                    [this](Result<void> outcome) { outcomes.push_back(std::move(outcome)); });
    }
    void submit(EventBatch batch) {
        submitOnly(std::move(batch));
        journal->commitGroup();
    }
    // The numbers of the next batch: first, last; {0, 0} when there is none.
    std::pair<std::uint64_t, std::uint64_t> take() {
        const auto taken = door.take(microseconds(0));
        if (!taken) return {0, 0};
        return {taken->first.value, taken->last().value};
    }
    bool hasMetric(const std::string& line) const {
        return metrics.render().find(line) != std::string::npos;
    }

    Metrics metrics;
    FakeClock clock;
    RefusingQueue queue;
    std::vector<Result<void>> outcomes;
    std::unique_ptr<Journal> journal;
    DurableQueue door;
};

using Numbers = std::pair<std::uint64_t, std::uint64_t>;
constexpr Numbers kNothing{0, 0};

class DurableQueueTest : public testing::Test {
  protected:
    MemoryFiles disk_;
};

TEST_F(DurableQueueTest, numbersEventsInTheOrderOfTheQueue) {
    Door door(disk_);

    door.submit(batchOf(10, 3));
    door.submit(batchOf(20, 2));

    EXPECT_EQ(door.outcomes.size(), 2u);
    EXPECT_EQ(door.take(), Numbers(1, 3));
    EXPECT_EQ(door.take(), Numbers(4, 5));
    EXPECT_EQ(door.take(), kNothing);
    EXPECT_EQ(door.door.lastAccepted().value, 5u);
}

TEST_F(DurableQueueTest, leavesEverythingToTheJournalUntilItIsKnownWhereTheDatabaseEnds) {
    {
        Door before(disk_);
        before.submit(batchOf(1, 4));
    }
    Door door(disk_, {.applied = std::nullopt});

    door.submit(batchOf(10, 3));
    EXPECT_TRUE(door.outcomes.at(0)) << "durable, and so acknowledged";
    EXPECT_EQ(door.queue.attempts(), 0u);
    door.door.begin({2});

    EXPECT_EQ(door.take(), Numbers(3, 4));
    EXPECT_EQ(door.take(), Numbers(5, 7));
    EXPECT_EQ(door.take(), kNothing);
    door.submit(batchOf(20, 2));
    EXPECT_EQ(door.queue.attempts(), 1u) << "caught up";
    EXPECT_EQ(door.take(), Numbers(8, 9));
}

TEST_F(DurableQueueTest, answersWhenTheDiskHasTheBatchAndNotBefore) {
    Door door(disk_);

    door.submitOnly(batchOf(1, 1));
    EXPECT_TRUE(door.outcomes.empty());
    EXPECT_EQ(door.take(), kNothing);
    door.journal->commitGroup();

    ASSERT_EQ(door.outcomes.size(), 1u);
    EXPECT_TRUE(door.outcomes[0]);
}

TEST_F(DurableQueueTest, triesARefusedPushAgainWithGrowingDelays) {
    constexpr std::size_t kRefusals = 6;
    Door door(disk_, {.refusals = kRefusals});

    door.submit(batchOf(1, 1));
    ASSERT_EQ(door.outcomes.size(), 1u);
    EXPECT_TRUE(door.outcomes[0]) << "durable already";
    const std::size_t timers_before = 1;  // of the answer
    door.clock.advance(seconds(2));

    EXPECT_EQ(door.queue.attempts(), kRefusals + 1);
    const auto delays = door.clock.delays();
    ASSERT_EQ(delays.size(), timers_before + kRefusals);
    for (std::size_t i = 0; i < kRefusals; ++i)
        EXPECT_LE(delays[timers_before + i], milliseconds(5) * (1 << i)) << "retry " << i + 1;
    EXPECT_GT(delays.back(), milliseconds(5)) << "later delays have a larger range";
    EXPECT_TRUE(door.hasMetric("footfall_push_attempts_total 7"));
    EXPECT_TRUE(door.hasMetric("footfall_push_retries_total 6"));
    EXPECT_TRUE(door.hasMetric("footfall_journal_batches_read_total 0"));
    EXPECT_EQ(door.take(), Numbers(1, 1));
}

TEST_F(DurableQueueTest, leavesBatchesToTheJournalWhenThePushIsStillRefusedAtTheEnd) {
    Door door(disk_, {.refusals = 1'000'000});
    door.submit(batchOf(1, 3));
    door.clock.advance(milliseconds(1'999));
    EXPECT_EQ(door.take(), kNothing);

    door.clock.advance(milliseconds(1));
    door.submit(batchOf(4, 2));

    EXPECT_TRUE(door.hasMetric("footfall_push_left_to_journal_total 2"));
    EXPECT_EQ(door.take(), Numbers(1, 3));
    EXPECT_EQ(door.take(), Numbers(4, 5));
    EXPECT_EQ(door.take(), kNothing);
    EXPECT_EQ(door.outcomes.size(), 2u);
}

TEST_F(DurableQueueTest, leavesBatchesToTheJournalWhenTooMuchWaitsBehindARefusedPush) {
    const std::size_t bytes = batchOf(1, 1).bytes();
    Door door(disk_, {.refusals = 1'000, .door = {.waiting_bytes_max = bytes, .random_seed = 1}});

    door.submit(batchOf(1, 1));
    EXPECT_TRUE(door.hasMetric("footfall_push_left_to_journal_total 0"));
    door.submit(batchOf(2, 1));

    EXPECT_TRUE(door.hasMetric("footfall_push_left_to_journal_total 2"));
    EXPECT_TRUE(door.hasMetric("footfall_push_waiting_bytes 0"));
    EXPECT_EQ(door.take(), Numbers(1, 1));
    EXPECT_EQ(door.take(), Numbers(2, 2));
}

TEST_F(DurableQueueTest, goesBackToTheQueueOnceTheConsumerHasCaughtUp) {
    Door door(disk_, {.door = {.push_time = milliseconds(0), .random_seed = 1},
                      .queue = {.events_max = 2}});
    for (std::uint64_t i = 1; i <= 6; ++i) {
        door.submit(batchOf(i, 1));
        door.clock.advance(milliseconds(1));
    }
    for (std::uint64_t i = 1; i <= 6; ++i) EXPECT_EQ(door.take(), Numbers(i, i));
    EXPECT_EQ(door.take(), kNothing) << "and with this it has caught up";
    EXPECT_TRUE(door.hasMetric("footfall_journal_batches_read_total 4"));

    door.submit(batchOf(7, 1));

    EXPECT_EQ(door.queue.events(), 1u);
    EXPECT_EQ(door.take(), Numbers(7, 7));
}

// Two requests of one group: while the first is answered the consumer, in the journal, takes both
// and has caught up. The second is not handed over yet.
TEST_F(DurableQueueTest, pushesNothingThatTheConsumerHasTakenFromTheJournalAlready) {
    {
        Door before(disk_);
        before.submit(batchOf(1, 1));
    }
    Door door(disk_);
    std::vector<std::uint64_t> taken;
    const auto take_all = [&] {
        while (const auto queued = door.door.take(microseconds(0)))
            taken.push_back(queued->first.value);
    };

    door.door.submit(batchOf(10, 1), [&](const Result<void>&) { take_all(); });
    door.submitOnly(batchOf(20, 1));
    door.journal->commitGroup();
    take_all();

    EXPECT_EQ(taken, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(DurableQueueTest, beginsWithWhatTheJournalHasBeyondTheDatabase) {
    {
        Door crashed(disk_);
        crashed.submit(batchOf(1, 4));
        crashed.submit(batchOf(5, 2));
    }

    Door door(disk_, {.applied = SequenceNumber{2}});  // in the middle of a request
    door.submit(batchOf(7, 1));

    EXPECT_EQ(door.take(), Numbers(3, 4));
    EXPECT_EQ(door.take(), Numbers(5, 6));
    EXPECT_EQ(door.take(), Numbers(7, 7));
    EXPECT_EQ(door.take(), kNothing);
}

TEST_F(DurableQueueTest, givesTheRestOfARequestWithWhatCameWithIt) {
    EventBatch batch = batchOf(1, 3);
    batch.rejected_count = 2;
    batch.late_count = 1;
    const EventId last = batch.ids[2];
    {
        Door crashed(disk_);
        crashed.submit(std::move(batch));
    }
    Door door(disk_, {.applied = SequenceNumber{2}});

    const auto rest = door.door.take(microseconds(0));

    ASSERT_TRUE(rest);
    ASSERT_EQ(rest->batch.size(), 1u);
    EXPECT_EQ(rest->batch.ids[0], last);
    EXPECT_EQ(rest->batch.rejected_count, 2u);
    EXPECT_EQ(rest->batch.late_count, 1u);
}

TEST_F(DurableQueueTest, tellsAClientThatTheOutcomeIsUnknownWhenTheDiskTakesTooLong) {
    Door door(disk_);
    door.submitOnly(batchOf(1, 1));
    door.clock.advance(milliseconds(3'900));
    EXPECT_TRUE(door.outcomes.empty());

    door.clock.advance(milliseconds(500));
    ASSERT_EQ(door.outcomes.size(), 1u);
    EXPECT_EQ(door.outcomes[0].error().code, Code::kUnknownOutcome);
    door.journal->commitGroup();

    EXPECT_EQ(door.outcomes.size(), 1u) << "answered once";
    EXPECT_EQ(door.take(), Numbers(1, 1)) << "stored all the same";
    door.clock.advance(seconds(5));
    EXPECT_TRUE(door.clock.idle()) << "nobody waits: nothing is watched";
}

TEST_F(DurableQueueTest, refusesTheWholeBatchWhenTheJournalIsAtItsLimit) {
    Door door(disk_, {.journal_bytes_max = 128 << 10});
    std::uint64_t accepted = 0;
    while (door.outcomes.empty() || door.outcomes.back()) {
        ASSERT_LT(accepted, 1'000'000u);
        door.submit(batchOf(accepted + 1, 100));
        if (door.outcomes.back()) accepted += 100;
    }

    EXPECT_EQ(door.outcomes.back().error().code, Code::kQueueFull);
    EXPECT_EQ(door.door.lastAccepted().value, accepted) << "a refused batch uses up no numbers";
    while (door.take() != kNothing) continue;
    door.door.checkpointed({accepted});
    door.submit(batchOf(accepted + 1, 1));
    EXPECT_TRUE(door.outcomes.back()) << "after a checkpoint there is room again";
}

TEST_F(DurableQueueTest, leavesWhatIsInRetryToTheConsumerWhenItCloses) {
    Door door(disk_, {.refusals = 1});
    door.submit(batchOf(1, 1));

    door.journal->close();
    door.door.close();

    EXPECT_FALSE(door.door.drained());
    EXPECT_EQ(door.take(), Numbers(1, 1));
    EXPECT_EQ(door.take(), kNothing);
    EXPECT_TRUE(door.door.drained());
    door.submit(batchOf(2, 1));
    ASSERT_EQ(door.outcomes.size(), 2u);
    EXPECT_EQ(door.outcomes[1].error().code, Code::kClosed);
}

TEST_F(DurableQueueTest, handsOverRejectedCountsOnce) {
    Door door(disk_);
    door.door.addRejected(2);
    door.door.addRejected(3);

    EXPECT_EQ(door.door.takeRejected(), 5u);
    EXPECT_EQ(door.door.takeRejected(), 0u);
}

// Submitters, leader and consumer at once, with a queue so small that the consumer goes to the
// journal and back again many times.
TEST_F(DurableQueueTest, givesEveryBatchOnceInOrderWhateverItsWay) {
    constexpr std::uint64_t kThreads = 4;
    constexpr std::uint64_t kBatches = 200;
    Door door(disk_, {.door = {.push_time = milliseconds(0), .random_seed = 1},
                      .queue = {.events_max = 5},
                      .journal_bytes_max = 64 << 20});
    std::uint64_t expected = 1;
    {
        const std::jthread leader([&door](std::stop_token stop) { door.journal->run(stop); });
        std::vector<std::jthread> submitters;
        for (std::uint64_t i = 0; i < kThreads; ++i)
            submitters.emplace_back([&door, i] {
                for (std::uint64_t j = 0; j < kBatches; ++j) {
                    door.door.submit(batchOf(i * 1'000 + j * 3, 1 + j % 3),
                                     [](const Result<void>& outcome) { ASSERT_TRUE(outcome); });
                    if (j % 16 == 0) std::this_thread::sleep_for(milliseconds(1));
                }
            });
        std::uint64_t taken = 0;
        while (taken < kThreads * kBatches) {
            door.clock.advance(milliseconds(1));
            const auto batch = door.door.take(microseconds(100));
            if (!batch) continue;
            ASSERT_EQ(batch->first.value, expected);
            expected = batch->last().value + 1;
            ++taken;
        }
    }
    EXPECT_EQ(door.door.lastAccepted().value, expected - 1);
    EXPECT_FALSE(door.hasMetric("footfall_journal_batches_read_total 0"));
}

}  // namespace
}  // namespace footfall
