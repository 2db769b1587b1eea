#include "in_memory_queue/event_queue.h"

#include <thread>

#include <gtest/gtest.h>

#include "support/mutex.h"
#include "tests/fakes/batches.h"

namespace footfall {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

QueuedBatch queued(std::uint64_t first, std::size_t count) {
    return {.first = {first}, .batch = batchOf(first, count)};
}

Result<void> push(EventQueue& queue, QueuedBatch batch) {
    return queue.tryPush(batch);
}

TEST(EventQueue, handsOutBatchesInTheOrderOfThePushes) {
    Metrics metrics;
    EventQueue queue({}, metrics);
    ASSERT_TRUE(push(queue, queued(1, 2)));
    ASSERT_TRUE(push(queue, queued(3, 1)));

    const auto first = queue.pop(microseconds(0));
    const auto second = queue.pop(microseconds(0));

    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->first.value, 1u);
    EXPECT_EQ(first->last().value, 2u);
    EXPECT_EQ(second->first.value, 3u);
    EXPECT_FALSE(queue.pop(microseconds(0)));
}

TEST(EventQueue, keepsTheOrderOverPushesFromManyThreadsUnderOneLock) {
    Metrics metrics;
    EventQueue queue({}, metrics);
    Mutex mutex;
    std::uint64_t next = 1;
    constexpr std::uint64_t kPushes = 2'000;
    std::vector<std::jthread> pushers;
    for (int i = 0; i < 4; ++i)
        pushers.emplace_back([&] {
            while (true) {
                const MutexLock lock(mutex);
                if (next > kPushes) return;
                ASSERT_TRUE(push(queue, queued(next++, 1)));
            }
        });

    for (std::uint64_t expected = 1; expected <= kPushes; ++expected) {
        const auto batch = queue.pop(seconds(10));
        ASSERT_TRUE(batch);
        ASSERT_EQ(batch->first.value, expected);
    }
}

TEST(EventQueue, refusesABatchBeyondItsBoundInEventsAndLeavesItUnchanged) {
    Metrics metrics;
    EventQueue queue({.events_max = 3}, metrics);
    ASSERT_TRUE(push(queue, queued(1, 2)));

    QueuedBatch tooMuch = queued(3, 2);
    const Result<void> refused = queue.tryPush(tooMuch);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kQueueFull);
    EXPECT_EQ(tooMuch.batch.size(), 2u);
    EXPECT_TRUE(push(queue, queued(3, 1)));
    EXPECT_NE(metrics.render().find("footfall_queue_refused_total 1"), std::string::npos);
}

TEST(EventQueue, refusesABatchBeyondItsBoundInBytes) {
    Metrics metrics;
    EventQueue queue({.bytes_max = batchOf(1, 1).bytes() * 2}, metrics);

    EXPECT_TRUE(push(queue, queued(1, 1)));
    EXPECT_TRUE(push(queue, queued(2, 1)));
    EXPECT_FALSE(push(queue, queued(3, 1)));
}

TEST(EventQueue, takesABatchOverItsBoundsOnlyWhileEmpty) {
    Metrics metrics;
    EventQueue queue({.events_max = 3}, metrics);

    EXPECT_TRUE(push(queue, queued(1, 10)));
    EXPECT_FALSE(push(queue, queued(11, 1)));
    EXPECT_TRUE(queue.pop(microseconds(0)));
    EXPECT_TRUE(push(queue, queued(11, 1)));
}

TEST(EventQueue, countsWhatItHolds) {
    Metrics metrics;
    EventQueue queue({}, metrics);
    ASSERT_TRUE(push(queue, queued(1, 2)));
    ASSERT_TRUE(push(queue, queued(3, 1)));

    EXPECT_EQ(queue.events(), 3u);
    EXPECT_EQ(queue.bytes(), batchOf(1, 2).bytes() + batchOf(3, 1).bytes());
    EXPECT_NE(metrics.render().find("footfall_queue_events 3"), std::string::npos);

    EXPECT_TRUE(queue.pop(microseconds(0)));
    EXPECT_TRUE(queue.pop(microseconds(0)));
    EXPECT_EQ(queue.events(), 0u);
    EXPECT_EQ(queue.bytes(), 0u);
}

TEST(EventQueue, givesOutWhatIsInsideAfterClose) {
    Metrics metrics;
    EventQueue queue({}, metrics);
    ASSERT_TRUE(push(queue, queued(1, 1)));

    queue.close();

    const Result<void> refused = push(queue, queued(2, 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kClosed);
    EXPECT_FALSE(queue.drained());
    EXPECT_TRUE(queue.pop(seconds(10)));
    EXPECT_TRUE(queue.drained());
    EXPECT_FALSE(queue.pop(seconds(10)));
}

TEST(EventQueue, wakesAConsumerThatWaitsWhenItCloses) {
    Metrics metrics;
    EventQueue queue({}, metrics);
    std::jthread consumer([&] { EXPECT_FALSE(queue.pop(seconds(600))); });

    queue.close();

    consumer.join();
    EXPECT_TRUE(queue.drained());
}

}  // namespace
}  // namespace footfall
