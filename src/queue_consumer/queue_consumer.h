#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <vector>

#include "database/database.h"
#include "in_memory_queue/durable_queue.h"
#include "in_memory_queue/event_queue.h"
#include "queue_consumer/dead_letter.h"
#include "queue_consumer/deduplicator.h"
#include "support/clock.h"
#include "support/metrics.h"
#include "support/retry.h"

namespace footfall {

struct QueueConsumerOptions {
    // A commit is due at whichever comes first. 122,880 rows are one DuckDB row group: from there
    // rows are compressed straight into the file and the commit's cost a row halves
    // (docs/decisions/0002).
    std::size_t commit_rows = 122'880;
    std::size_t commit_bytes = 64 << 20;
    std::chrono::milliseconds commit_delay{300};  // freshness when load is low
    std::chrono::milliseconds checkpoint_every{10'000};
    BackoffOptions backoff;
};

// QueueConsumer: takes batches from the queue, separates duplicates, and stores many events in one
// transaction. The one committer: it alone decides what is a duplicate, in the order of acceptance.
// Threads: drainOnce one at a time; run() is its loop for a std::jthread; committed() any thread.
// Failures: transient ones are retried with full jitter for as long as it takes; a commit refused
// for
//   its content is halved until the guilty events are alone, and those go to the dead letters;
//   after an unknown outcome the database is reopened and applied() decides.
// Shutdown: run() returns once the queue is closed and empty and everything is committed, or on
// stop.
class QueueConsumer {
  public:
    QueueConsumer(QueueConsumerOptions options, EventQueue& queue, DurableQueue& door,
                  Database& database, DeadLetters& dead_letters, const Clock& clock,
                  Metrics& metrics);

    // Reads what the deduplicator and the counters need. Call before anything else.
    [[nodiscard]] Result<void> restore();

    // Takes what there is (waiting at most `wait`), and commits when a commit is due. Returns the
    // number of events decided. Never sleeps for a retry: a failed commit is kept, and is tried
    // again by the first call at or after retryAt().
    std::size_t drainOnce(std::chrono::microseconds wait);
    void run(std::stop_token stop);

    // Position and totals as last committed; read together.
    Applied applied() const;
};

}  // namespace footfall
