#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "event/event_batch.h"
#include "event/sequence.h"
#include "in_memory_queue/journal_format.h"
#include "in_memory_queue/journal_options.h"
#include "in_memory_queue/journal_reader.h"
#include "in_memory_queue/journal_recovery.h"
#include "in_memory_queue/journal_segments.h"
#include "in_memory_queue/journal_writer.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/result.h"

namespace footfall {

// Journal: the file behind the queue. Gives each event its number and makes it durable before its
// request is answered; keeps it until trim() says that the database has it for good.
//
// Threads: submit, durableEnd, oldestWaiting, poisoned, close, trim, readFrom and the sizes: any.
//   commitGroup, run and writeClose: one at a time, the leader.
// Group commit: requests that come while the leader waits for the disk form the next group; a group
//   is one write and one sync, however many requests it holds (leveldb's DBImpl::Write).
// Order: numbers are given by the leader, contiguous, in the order of submit(); `done` is called in
//   that order, on the leader's thread, without a lock. A group that failed uses no numbers.
// Blocks: submit never. commitGroup for the disk; nothing is retried inside.
// Bounds: waiting_bytes_max, bytes_max; see JournalOptions.
// Errors (through `done`): kQueueFull: over one of the bounds, nothing was written | kUnavailable:
//   the disk is full, nothing of it remains, later groups may succeed | kClosed | kUnknownOutcome:
//   a sync failed, the events may or may not be there after a restart | kFatal: it had failed
//   before.
// Poison: a failed sync, or a failed write that is not a full disk, is final: the state of the disk
//   is unknown and asking again would get a wrong answer. Everything fails from then on, the owner
//   is told once, and is to stop the process; the next open() finds out.
// Durability: with fsync, an event is on the disk before its `done` is called with success.
// Layout: docs/journal_format.md.
class Journal {
  public:
    // With the number of the first event; for counts, of the next event to come.
    using Done = std::move_only_function<void(Result<SequenceNumber>)>;
    using OnPoisoned = std::function<void(const Error&)>;

    // Opens the folder, recovering what is there. `position`: the highest number that the database
    // has decided. Errors: those of recoverJournal() | kInvalidArgument: bad options.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(JournalOptions options,
                                                               FileSystem& files,
                                                               const Clock& clock, Metrics& metrics,
                                                               SequenceNumber position);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // Called once, on the leader's thread, after the group's `done`s. Set before the first group.
    void onPoisoned(OnPoisoned call) { on_poisoned_ = std::move(call); }
    const JournalRecoveryReport& recovery() const { return report_; }

    // `done` is called exactly once: by the leader, or on this thread when refused at once.
    // Encoding happens in the caller's thread, before the lock. REQUIRES: the batch is not empty.
    void submit(const EventBatch& batch, Done done);
    void submit(EncodedRecord record, Done done);
    // The rejected events of a request without a valid one.
    void submitRejected(std::uint32_t rejected, UtcTime received_at, Done done);

    // Makes one group of what waits durable and answers it. Returns the number of requests
    // answered; 0: nothing waits.
    std::size_t commitGroup();
    // The leader's thread: commits groups until stop, then what still waits, then the close record.
    void run(const std::stop_token& stop);
    // Refuses from now on with kClosed. What waits is still committed.
    void close();
    // Marks that nothing is in flight, so that the next open() has nothing to write again. Best
    // effort: without it nothing is lost. REQUIRES: closed, nothing waits.
    void writeClose();

    // The highest number that is durable; readers see everything up to it.
    SequenceNumber durableEnd() const;
    // When the oldest request was submitted that has not been answered; nullopt: none waits. Older
    // than 4 s: its outcome is unknown to the client, who is to be told so (503).
    std::optional<SteadyTime> oldestWaiting() const;
    bool poisoned() const;
    Durability durability() const { return options_.durability; }

    // Gives up segments that a checkpoint of the database covers; see JournalSegments::trim.
    [[nodiscard]] Result<void> trim(SequenceNumber through) { return segments_.trim(through); }
    // Number of the oldest event that can still be read.
    SequenceNumber firstRetained() const { return segments_.firstRetained(); }
    std::uint64_t bytes() const { return segments_.bytes(); }
    std::size_t segments() const { return segments_.count(); }
    // Grows by one with each segment that is begun.
    std::uint64_t newestSegment() const { return segments_.newestId(); }
    // The journal outlives the reader.
    JournalReader readFrom(SequenceNumber from);

  private:
    struct Waiting {
        EncodedRecord record;
        Done done;
        SteadyTime since;
    };
    enum class State { kOpen, kClosed, kPoisoned };

    Journal(JournalOptions options, FileSystem& files, const Clock& clock, Metrics& metrics);
    [[nodiscard]] Result<void> recover(SequenceNumber position);
    [[nodiscard]] std::optional<Error> enqueue(Waiting& waiting);
    [[nodiscard]] std::optional<Error> refusal(std::size_t bytes) REQUIRES(mutex_);
    void takeWaiting();
    [[nodiscard]] Result<void> makeRoom(std::size_t bytes);
    std::size_t fillGroup();
    void answerGroup(const Result<void>& outcome);
    void answer(Waiting waiting, Result<SequenceNumber> outcome);
    void poison(const Error& error);
    void waitForWork(const std::stop_token& stop);

    // Constant after construction.
    const JournalOptions options_;
    FileSystem& files_;
    const Clock& clock_;
    Metrics& metrics_;
    prometheus::Counter& groups_;
    prometheus::Counter& records_;
    prometheus::Counter& events_;
    prometheus::Counter& refused_full_;
    prometheus::Counter& refused_memory_;
    prometheus::Counter& failed_groups_;
    prometheus::Gauge& waiting_bytes_gauge_;
    OnPoisoned on_poisoned_;
    JournalRecoveryReport report_;

    // Thread-safe by itself.
    JournalSegments segments_;
    // Stored by the leader after the sync; who loads it may read up to it.
    std::atomic<std::uint64_t> durable_end_{0};

    // The leader's.
    std::optional<JournalWriter> writer_;
    std::deque<Waiting> taken_;  // from waiting_, not yet written
    std::vector<Waiting> group_;
    std::uint64_t next_ = 1;

    mutable Mutex mutex_;
    std::condition_variable_any work_;
    std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
    std::size_t waiting_bytes_ GUARDED_BY(mutex_) = 0;  // those the leader has taken included
    std::optional<SteadyTime> oldest_taken_ GUARDED_BY(mutex_);
    State state_ GUARDED_BY(mutex_) = State::kOpen;
};

}  // namespace footfall
