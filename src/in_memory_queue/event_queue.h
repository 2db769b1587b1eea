#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <concurrentqueue/blockingconcurrentqueue.h>

#include "event/event_batch.h"
#include "event/sequence.h"
#include "support/metrics.h"
#include "support/result.h"

namespace footfall {

// A batch in the queue, with the numbers of its events: first, first + 1, …
struct QueuedBatch {
    SequenceNumber first;
    EventBatch batch;
    SequenceNumber last() const { return {first.value + batch.size() - 1}; }
};
// A copy of the rows from `from` on; what came with the request stays with them.
QueuedBatch withoutRowsBefore(const QueuedBatch& queued, SequenceNumber from);

// What happens to a push when the queue is full. There is one policy today; a second would be a
// second enumerator here, not a flag somewhere else.
enum class WhenFull {
    kRefuse,  // kQueueFull; the durable queue retries on a timer, then the webhook answers 429
};

struct EventQueueOptions {
    // More than a commit: beyond it the consumer reads the journal, which costs it little and no
    // memory.
    std::size_t events_max = 200'000;
    std::size_t bytes_max = 48 << 20;
    WhenFull when_full = WhenFull::kRefuse;
};

// EventQueue: hands whole batches from the webhook to the consumer, in memory, first in first out.
// Threads: tryPush and close one at a time (DurableQueue's lock); pop one consumer; the rest any.
// Blocks: tryPush never; pop until a batch, the time-out or close().
// Bounds: events_max and bytes_max; one batch always fits into an empty queue.
// Errors: tryPush -> kQueueFull | kClosed; the batch is unchanged then.
// Durability: none; see DurableQueue.
class EventQueue {
  public:
    EventQueue(EventQueueOptions options, Metrics& metrics);
    virtual ~EventQueue() = default;

    // Virtual for one reason: a test queue that refuses the first n pushes.
    [[nodiscard]] virtual Result<void> tryPush(QueuedBatch& batch);
    // The oldest batch. nullopt: time-out, or closed and empty.
    std::optional<QueuedBatch> pop(std::chrono::microseconds timeout);
    // No more pushes. What is inside can still be popped.
    void close();
    bool closed() const;
    // Closed and empty: nothing will ever come out again.
    bool drained() const;

    std::size_t events() const;
    std::size_t bytes() const;

  private:
    struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
        // The consumer is not in a hurry: to spin would take cores from the reactors.
        static constexpr int MAX_SEMA_SPINS = 0;
    };

    bool hasRoomFor(const EventBatch& batch) const;
    [[nodiscard]] std::unexpected<Error> refuse();
    void count(std::int64_t events, std::int64_t bytes);

    // Constant after construction.
    const EventQueueOptions options_;
    prometheus::Gauge& events_gauge_;
    prometheus::Gauge& bytes_gauge_;
    prometheus::Counter& refused_;

    // Thread-safe by themselves. All pushes go through the one token, and only so is the queue
    // first in first out: it keeps the order of each producer and of nothing else.
    moodycamel::BlockingConcurrentQueue<QueuedBatch, Traits> batches_;
    moodycamel::ProducerToken pusher_{batches_};
    std::atomic<std::size_t> events_{0};
    std::atomic<std::size_t> bytes_{0};
    std::atomic<bool> closed_{false};
};

}  // namespace footfall
