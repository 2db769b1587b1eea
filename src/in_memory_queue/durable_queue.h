#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "event/event_batch.h"
#include "event/sequence.h"
#include "in_memory_queue/event_queue.h"
#include "support/clock.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/random.h"
#include "support/result.h"
#include "support/retry.h"
#include "support/scheduler.h"

namespace footfall {

// How much an answer of 202 promises. Until the journal exists there is only one value.
enum class Durability {
    kNone,  // in memory: a crash loses what is in flight
};
std::string_view toString(Durability durability);

// DurableQueue: the one door between the webhook and everything behind it. Gives each event its
// number, makes the batch as durable as configured and pushes it into the queue; a push that is
// refused is tried again with back-off on a timer until the deadline of the request.
// Threads: all members, any thread.   Blocks: never; no thread waits while a push is retried.
// Order: numbers are in the order of the queue.
// Errors (through `done`): kQueueFull at the deadline, the whole batch refused | kClosed.
class DurableQueue {
  public:
    struct Options {
        BackoffOptions backoff{.base = std::chrono::milliseconds(5),
                               .max = std::chrono::milliseconds(200)};
    };
    using Done = std::function<void(Result<void>)>;

    // `next`: the number of the first event to come; one after the database's applied position.
    DurableQueue(Options options, EventQueue& queue, SequenceNumber next, const Clock& clock,
                 Scheduler& scheduler, Metrics& metrics);

    // `done` is called exactly once, on this thread or one of the scheduler's.
    // REQUIRES: the batch is not empty.
    void submit(EventBatch batch, SteadyTime deadline, Done done);

    // Events refused in a request without a single valid one (422): counted with the next batch, or
    // by the consumer's idle commit (takeRejected).
    void addRejected(std::uint64_t count);
    std::uint64_t takeRejected();

    // The last number that was acknowledged or is about to be; for the audit.
    SequenceNumber lastAccepted() const;
    Durability durability() const { return Durability::kNone; }

    // Refuses everything from now on with kClosed and closes the queue; pushes in retry fail at
    // once.
    void close();
};

}  // namespace footfall
