#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>

#include "event/event_batch.h"
#include "event/sequence.h"
#include "in_memory_queue/durability.h"
#include "in_memory_queue/event_queue.h"
#include "support/clock.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/random.h"
#include "support/result.h"
#include "support/retry.h"
#include "support/scheduler.h"

namespace footfall {

// DurableQueue: the one door between the webhook and everything behind it. Gives each event its
// number, makes the batch as durable as configured and pushes it into the queue; a push that is
// refused is tried again with back-off on a timer until the deadline of the request.
// Threads: all members, any thread.   Blocks: never; no thread waits while a push is retried.
// Order: numbers are in the order of the queue, without gaps.
// Bounds: waiting_bytes_max for the batches whose push is being retried.
// Errors (through `done`): kQueueFull at the deadline or over the bound, the whole batch refused |
//   kClosed.   Outlives: the scheduler's threads; its tasks call back into this.
class DurableQueue {
  public:
    struct Options {
        BackoffOptions backoff{.base = std::chrono::milliseconds(5),
                               .max = std::chrono::milliseconds(200)};
        // Half the queue's own bound. What does not fit is refused at once.
        std::size_t waiting_bytes_max = 64 << 20;
        std::uint64_t random_seed = randomSeed();
    };
    using Done = std::function<void(Result<void>)>;

    // `next`: the number of the first event to come; one after the database's applied position.
    DurableQueue(Options options, EventQueue& queue, SequenceNumber next, const Clock& clock,
                 Scheduler& scheduler, Metrics& metrics);

    // `done` is called exactly once: on this thread, one of the scheduler's or the one that closes.
    // A push that still fails at the deadline was tried then for the last time.
    // REQUIRES: the batch is not empty.
    void submit(EventBatch batch, SteadyTime deadline, Done done);

    // Events refused in a request without a single valid one (422); the consumer counts them with
    // its next commit.
    void addRejected(std::uint64_t count);
    std::uint64_t takeRejected();

    // The last number that was acknowledged or is about to be; for the audit.
    SequenceNumber lastAccepted() const;
    Durability durability() const { return Durability::kNone; }

    // Refuses everything from now on with kClosed and closes the queue; pushes in retry fail at
    // once.
    void close();

  private:
    // A batch whose push was refused, until its next attempt.
    struct Waiting {
        QueuedBatch queued;
        SteadyTime deadline;
        Done done;
        unsigned attempts = 0;
        std::size_t bytes = 0;
    };
    using Ticket = std::uint64_t;

    void attempt(Waiting waiting);
    void retry(Ticket ticket);
    [[nodiscard]] Result<void> push(Waiting& waiting) REQUIRES(mutex_);
    bool mayRetry(Code code, const Waiting& waiting) REQUIRES(mutex_);
    std::chrono::nanoseconds delayBeforeRetry(const Waiting& waiting) REQUIRES(mutex_);
    Ticket keep(Waiting waiting) REQUIRES(mutex_);
    std::optional<Waiting> takeBack(Ticket ticket);

    // Constant after construction.
    const Options options_;
    EventQueue& queue_;
    const Clock& clock_;
    Scheduler& scheduler_;
    prometheus::Counter& attempts_;
    prometheus::Counter& retries_;
    prometheus::Counter& refused_at_deadline_;
    prometheus::Counter& refused_for_memory_;
    prometheus::Gauge& waiting_gauge_;

    // Guarded by mutex_, which is held over numbering and pushing: so the order of the numbers is
    // that of the queue.
    mutable Mutex mutex_;
    SequenceNumber next_ GUARDED_BY(mutex_);
    std::unordered_map<Ticket, Waiting> waiting_ GUARDED_BY(mutex_);
    Ticket next_ticket_ GUARDED_BY(mutex_) = 0;
    std::size_t waiting_bytes_ GUARDED_BY(mutex_) = 0;
    Random random_ GUARDED_BY(mutex_);

    // Thread-safe by itself.
    std::atomic<std::uint64_t> rejected_{0};
};

}  // namespace footfall
