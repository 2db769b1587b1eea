#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "database/database.h"
#include "in_memory_queue/durable_queue.h"
#include "queue_consumer/committer.h"
#include "queue_consumer/dead_letter.h"
#include "queue_consumer/deduplicator.h"
#include "support/clock.h"
#include "support/metrics.h"
#include "support/random.h"

namespace footfall {

struct QueueConsumerOptions {
    // A commit is due at whichever comes first, and stores no more than commit_rows. 122,880 rows
    // are one DuckDB row group: exactly so many are compressed straight into the file, at half of
    // what a row costs with one row more or less (docs/decisions/0002).
    std::size_t commit_rows = 122'880;
    std::size_t commit_bytes = 64 << 20;
    std::chrono::milliseconds commit_delay{300};  // freshness when load is low
    std::chrono::milliseconds checkpoint_every{10'000};
    Committer::Options committer{};
};

// QueueConsumer: takes batches from the queue, separates duplicates, and stores many events in one
// transaction. The one committer: it alone decides what is a duplicate, in the order of acceptance.
// Threads: drainOnce one at a time; run() is its loop for a std::jthread; applied() any thread.
// Bounds: holds one commit and an eighth of the next; while that fails, or the ids' archive is
//   behind, nothing more is taken, and the queue fills.
// Failures: see Committer; nothing that was taken is ever given up.
// Shutdown: run() returns once the queue is closed and empty and everything is committed and
//   checkpointed, or on stop.
class QueueConsumer {
  public:
    QueueConsumer(QueueConsumerOptions options, DurableQueue& door, Database& database,
                  Deduplicator& deduplicator, DeadLetters& dead_letters, const Clock& clock,
                  Metrics& metrics);

    // See Committer. Set before anything else.
    void onDamaged(Committer::OnDamaged call) { committer_.onDamaged(std::move(call)); }
    // Reads where the database ends, and begins there. Once, before anything else.
    [[nodiscard]] Result<void> restore();

    // Takes what there is (waiting at most `wait`), and commits when a commit is due. Returns the
    // number of events decided. The first call reads the ids of what is stored. Never sleeps for a
    // retry: what failed is tried again by the first call at or after retryAt().
    std::size_t drainOnce(std::chrono::microseconds wait);
    // nullopt: nothing failed, or it has been made good.
    std::optional<SteadyTime> retryAt() const;
    // The queue is closed and everything that was in it is committed.
    bool finished() const;
    void run(std::stop_token stop);

    // Position and totals as last committed; read together.
    Applied applied() const { return committer_.applied(); }

  private:
    void gather(std::chrono::microseconds wait);
    bool full() const;
    bool gathering() const { return !batches_.empty() || rejected_ > 0; }
    void add(QueuedBatch queued);
    bool commitIsDue() const;
    void beginPlan();
    bool knowsIds();
    void readIdsLater(const Error& error);
    void checkpointIfDue();
    std::chrono::nanoseconds pauseBeforeNext() const;

    // Constant after construction.
    const QueueConsumerOptions options_;
    DurableQueue& door_;
    Database& database_;
    Deduplicator& deduplicator_;
    const Clock& clock_;

    // The consuming thread's: what the next commit is made of.
    std::vector<QueuedBatch> batches_;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
    std::uint64_t rejected_ = 0;
    std::optional<SteadyTime> gathering_since_;  // nullopt: the queue was not looked at yet
    SteadyTime last_checkpoint_;
    bool committed_since_checkpoint_ = false;
    bool waits_for_archive_ = false;  // of ids; no commit begins until it has taken some
    bool ids_known_ = false;          // else they have to be read before anything is decided
    unsigned read_failures_ = 0;
    SteadyTime read_ids_at_{};
    Random random_;

    // Thread-safe where it says so.
    Committer committer_;
};

}  // namespace footfall
