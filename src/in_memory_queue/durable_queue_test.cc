#include "in_memory_queue/durable_queue.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/batches.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/refusing_queue.h"

namespace footfall {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A door onto a queue that refuses the first pushes, on a clock that stands still.
struct Door {
    explicit Door(std::size_t refusals, DurableQueue::Options options = {.random_seed = 1})
        : queue(refusals, metrics), door(options, queue, {1}, clock, clock, metrics) {}

    void submit(EventBatch batch, seconds patience = seconds(2)) {
        door.submit(std::move(batch), clock.steadyNow() + patience,
                    [this](Result<void> outcome) { outcomes.push_back(std::move(outcome)); });
    }
    bool hasMetric(const std::string& line) const {
        return metrics.render().find(line) != std::string::npos;
    }

    Metrics metrics;
    FakeClock clock;
    RefusingQueue queue;
    std::vector<Result<void>> outcomes;
    DurableQueue door;
};

TEST(DurableQueue, numbersEventsInTheOrderOfTheQueue) {
    Door door(0);

    door.submit(batchOf(10, 3));
    door.submit(batchOf(20, 2));

    EXPECT_EQ(door.outcomes.size(), 2u);
    EXPECT_EQ(door.queue.pop(microseconds(0))->first.value, 1u);
    EXPECT_EQ(door.queue.pop(microseconds(0))->first.value, 4u);
    EXPECT_EQ(door.door.lastAccepted().value, 5u);
}

TEST(DurableQueue, triesARefusedPushAgainWithGrowingDelays) {
    constexpr std::size_t kRefusals = 6;
    Door door(kRefusals);

    door.submit(batchOf(1, 1));
    EXPECT_TRUE(door.outcomes.empty());
    door.clock.advance(seconds(2));

    ASSERT_EQ(door.outcomes.size(), 1u);
    EXPECT_TRUE(door.outcomes[0]);
    EXPECT_EQ(door.queue.attempts(), kRefusals + 1);
    const auto delays = door.clock.delays();
    ASSERT_EQ(delays.size(), kRefusals);
    for (std::size_t i = 0; i < kRefusals; ++i)
        EXPECT_LE(delays[i], milliseconds(5) * (1 << i)) << "full jitter, retry " << i + 1;
    EXPECT_GT(delays.back(), milliseconds(5)) << "later delays have a larger range";
    EXPECT_TRUE(door.hasMetric("footfall_push_attempts_total 7"));
    EXPECT_TRUE(door.hasMetric("footfall_push_retries_total 6"));
}

TEST(DurableQueue, refusesTheWholeBatchAtTheDeadline) {
    Door door(1'000'000);

    door.submit(batchOf(1, 3), seconds(2));
    door.clock.advance(milliseconds(1'999));
    EXPECT_TRUE(door.outcomes.empty());
    door.clock.advance(milliseconds(1));

    ASSERT_EQ(door.outcomes.size(), 1u);
    ASSERT_FALSE(door.outcomes[0]);
    EXPECT_EQ(door.outcomes[0].error().code, Code::kQueueFull);
    EXPECT_TRUE(door.hasMetric(R"(footfall_push_refused_total{reason="deadline"} 1)"));
    EXPECT_TRUE(door.clock.idle());
    EXPECT_EQ(door.door.lastAccepted().value, 0u) << "a refused batch uses up no numbers";
}

TEST(DurableQueue, refusesAtOnceWhatExceedsTheMemoryForWaitingBatches) {
    const std::size_t bytes = batchOf(1, 1).bytes();
    Door door(2, {.waiting_bytes_max = bytes, .random_seed = 1});

    door.submit(batchOf(1, 1));
    door.submit(batchOf(2, 1));

    ASSERT_EQ(door.outcomes.size(), 1u);
    EXPECT_EQ(door.outcomes[0].error().code, Code::kQueueFull);
    EXPECT_TRUE(door.hasMetric(R"(footfall_push_refused_total{reason="memory"} 1)"));

    door.clock.advance(seconds(2));
    ASSERT_EQ(door.outcomes.size(), 2u);
    EXPECT_TRUE(door.outcomes[1]) << "the one that waited got in";
    EXPECT_TRUE(door.hasMetric("footfall_push_waiting_bytes 0"));
}

TEST(DurableQueue, failsPushesInRetryWhenItCloses) {
    Door door(1);
    door.submit(batchOf(1, 1));

    door.door.close();

    ASSERT_EQ(door.outcomes.size(), 1u);
    EXPECT_EQ(door.outcomes[0].error().code, Code::kClosed);
    door.clock.advance(seconds(2));
    EXPECT_EQ(door.outcomes.size(), 1u) << "the timer that was set finds nothing to do";
    door.submit(batchOf(2, 1));
    ASSERT_EQ(door.outcomes.size(), 2u);
    EXPECT_EQ(door.outcomes[1].error().code, Code::kClosed);
    EXPECT_TRUE(door.queue.drained());
}

TEST(DurableQueue, handsOverRejectedCountsOnce) {
    Door door(0);
    door.door.addRejected(2);
    door.door.addRejected(3);

    EXPECT_EQ(door.door.takeRejected(), 5u);
    EXPECT_EQ(door.door.takeRejected(), 0u);
}

TEST(DurableQueue, leavesNoGapsWhenManyThreadsSubmit) {
    Door door(0);
    {
        std::vector<std::jthread> submitters;
        for (std::uint64_t i = 0; i < 4; ++i)
            submitters.emplace_back([&door, i] {
                for (std::uint64_t j = 0; j < 200; ++j)
                    door.door.submit(batchOf(i * 1'000 + j * 3, 1 + j % 3), SteadyTime::max(),
                                     [](Result<void> outcome) { ASSERT_TRUE(outcome); });
            });
    }

    std::uint64_t expected = 1;
    while (const auto batch = door.queue.pop(microseconds(0))) {
        ASSERT_EQ(batch->first.value, expected);
        expected = batch->last().value + 1;
    }
    EXPECT_EQ(door.door.lastAccepted().value, expected - 1);
}

}  // namespace
}  // namespace footfall
