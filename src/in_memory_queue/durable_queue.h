#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "event/event_batch.h"
#include "event/sequence.h"
#include "in_memory_queue/event_queue.h"
#include "in_memory_queue/journal.h"
#include "support/clock.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/random.h"
#include "support/result.h"
#include "support/retry.h"
#include "support/scheduler.h"

namespace footfall {

// DurableQueue: the one door between the webhook and the consumer. The journal numbers a batch and
// makes it durable; then it is acknowledged and handed over to the in-memory queue, where the
// consumer takes it. A push that is refused is tried again with back-off on a timer; when that has
// not helped in time, or too much waits behind it, the batches are left to the journal, and the
// consumer reads there until it has caught up. So the queue bounds memory and the journal bounds
// the outage. A start is the same: what the journal has beyond the database is read there; and as
// long as nobody knows where the database ends, everything is left to the journal.
// Threads: begin, take and drained the consumer's; the rest any. The journal's leader hands over.
// Blocks: submit never; take until a batch, the time-out or close(), and for the disk.
// Order: of the numbers, without gaps but for what damage of the journal has lost.
// Bounds: those of the journal and the queue; waiting_bytes_max behind a push that is tried again.
// Errors (through `done`): kQueueFull: the journal is at its limit | kUnavailable: the disk is full
//   | kClosed | kFatal | kUnknownOutcome: the disk takes longer than answer_within, or failed.
// Outlives: the scheduler's threads and the journal's leader, who call back into this.
class DurableQueue {
  public:
    struct Options {
        BackoffOptions backoff{.base = std::chrono::milliseconds(5),
                               .max = std::chrono::milliseconds(200)};
        // How long a refused push is tried again before its batch is left to the journal.
        std::chrono::milliseconds push_time{2'000};
        // Half the queue's own bound.
        std::size_t waiting_bytes_max = 64 << 20;
        // A client that waited this long for the disk is told that the outcome is unknown.
        std::chrono::milliseconds answer_within{4'000};
        std::uint64_t random_seed = randomSeed();
    };
    using Done = std::function<void(Result<void>)>;

    DurableQueue(Options options, Journal& journal, EventQueue& queue, const Clock& clock,
                 Scheduler& scheduler, Metrics& metrics);

    // `applied`: the last number that the database has decided; the first to be taken follows it.
    // Until then nothing is pushed. Before the first take.
    void begin(SequenceNumber applied);

    // Success means durable, as the journal's durability says. `done` is called exactly once: on
    // this thread, the journal's leader's or one of the scheduler's. REQUIRES: not empty.
    void submit(EventBatch batch, Done done);

    // The next batch. nullopt: none came in time, or there will be none.
    std::optional<QueuedBatch> take(std::chrono::microseconds wait);
    bool closed() const { return queue_.closed(); }
    // Closed, and everything was taken.
    bool drained() const;

    // Events refused in a request without a single valid one (422); the consumer counts them with
    // its next commit.
    void addRejected(std::uint64_t count);
    std::uint64_t takeRejected();

    // The last number that is durable; for the audit.
    SequenceNumber lastAccepted() const { return journal_.durableEnd(); }
    Durability durability() const { return journal_.durability(); }

    // A checkpoint of the database covers everything up to `through`: the journal may forget it.
    void checkpointed(SequenceNumber through);
    // So much is in the journal that only a checkpoint can take away that one is worth it now.
    bool wantsCheckpoint() const;

    // Nothing is handed over any more. REQUIRES: the journal is closed and its leader has ended.
    void close();

  private:
    // A request whose answer waits for the disk.
    struct Unanswered {
        Done done;
        SteadyTime since;
    };
    // A batch behind a refused push.
    struct Waiting {
        QueuedBatch queued;
        std::size_t bytes;
    };
    struct Place {
        SequenceNumber taken;        // the last that the consumer has
        SequenceNumber handed_over;  // the last that came from the journal
    };
    using Ticket = std::uint64_t;

    void answerInTime();
    void durable(Ticket ticket, EventBatch batch, Result<SequenceNumber> outcome);
    std::optional<Done> takeAnswer(Ticket ticket);

    void handOver(QueuedBatch queued);
    void retry();
    [[nodiscard]] bool push(QueuedBatch& queued) REQUIRES(mutex_);
    void keep(QueuedBatch queued) REQUIRES(mutex_);
    void leaveToJournal() REQUIRES(mutex_);
    void retryLater() REQUIRES(mutex_);

    bool readsJournal() const;
    std::optional<QueuedBatch> takeFromJournal(std::chrono::microseconds wait);
    Place place() const;
    std::optional<QueuedBatch> taken(QueuedBatch queued);
    bool caughtUp(SequenceNumber handed_over);

    // Constant after construction.
    const Options options_;
    Journal& journal_;
    EventQueue& queue_;
    const Clock& clock_;
    Scheduler& scheduler_;
    prometheus::Counter& attempts_;
    prometheus::Counter& retries_;
    prometheus::Counter& left_to_journal_;
    prometheus::Counter& read_from_journal_;
    prometheus::Counter& answered_late_;
    prometheus::Gauge& waiting_gauge_;

    // The consumer's.
    std::optional<JournalReader> reader_;
    std::uint64_t checkpointed_segment_ = 0;  // the newest at the last checkpoint

    // Guarded by mutex_.
    mutable Mutex mutex_;
    std::map<Ticket, Unanswered> unanswered_ GUARDED_BY(mutex_);
    Ticket next_ticket_ GUARDED_BY(mutex_) = 0;
    bool watching_ GUARDED_BY(mutex_) = false;  // a timer for the unanswered is set
    std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
    std::size_t waiting_bytes_ GUARDED_BY(mutex_) = 0;
    unsigned failures_ GUARDED_BY(mutex_) = 0;  // of the push of waiting_.front()
    SteadyTime give_up_at_ GUARDED_BY(mutex_){};
    bool reads_journal_ GUARDED_BY(mutex_) = true;
    SequenceNumber handed_over_ GUARDED_BY(mutex_);  // the last that came from the journal
    SequenceNumber taken_ GUARDED_BY(mutex_){};      // the last that the consumer has
    Random random_ GUARDED_BY(mutex_);

    // Thread-safe by itself.
    std::atomic<std::uint64_t> rejected_{0};
};

}  // namespace footfall
