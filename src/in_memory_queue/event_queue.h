#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

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

// What happens to a push when the queue is full. There is one policy today; a second would be a
// second enumerator here, not a flag somewhere else.
enum class WhenFull {
    kRefuse,  // kQueueFull; the durable queue retries on a timer, then the webhook answers 429
};

struct EventQueueOptions {
    // Ten seconds of 50,000 events/s: what an SDK's retries do not bridge (docs/operations.md).
    std::size_t events_max = 500'000;
    std::size_t bytes_max = 128 << 20;
    WhenFull when_full = WhenFull::kRefuse;
};

// EventQueue: hands whole batches from the webhook to the consumer, in memory, first in first out.
// Threads: tryPush one at a time (DurableQueue's lock); popMany one consumer; the rest any thread.
// Blocks: tryPush never; popMany until a batch, the time-out or close().
// Bounds: events_max and bytes_max; one batch always fits into an empty queue.
// Errors: tryPush -> kQueueFull | kClosed; the batch is unchanged then.
// Durability: none; see DurableQueue.
class EventQueue {
  public:
    EventQueue(EventQueueOptions options, Metrics& metrics);
    virtual ~EventQueue() = default;

    // Virtual for one reason: a test queue that refuses the first n pushes.
    [[nodiscard]] virtual Result<void> tryPush(QueuedBatch& batch);
    // Appends up to count_max batches; returns how many. 0: time-out, or closed and empty.
    std::size_t popMany(std::vector<QueuedBatch>& out, std::size_t count_max,
                        std::chrono::microseconds timeout);
    // No more pushes. What is inside can still be popped.
    void close();
    bool closed() const;

    std::size_t events() const;
    std::size_t bytes() const;
};

}  // namespace footfall
