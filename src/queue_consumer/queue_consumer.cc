#include "queue_consumer/queue_consumer.h"

#include <algorithm>
#include <condition_variable>
#include <tuple>
#include <utility>

#include "support/log.h"

namespace footfall {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// How long an idle consumer waits for a first batch, and so for a stop.
constexpr milliseconds kIdleWait{100};
// While a commit is being gathered the queue is looked at this often, not at each push: to be woken
// by 15,000 requests a second would cost more than to store them.
constexpr milliseconds kGatherPause{20};
// Of the rows of a commit so many more are gathered, one in 8, so that it is full although some
// turn out to be duplicates. What is left over goes into the next.
constexpr std::size_t kSpareOneIn = 8;

void pauseFor(nanoseconds time, const std::stop_token& stop) {
    Mutex mutex;
    std::condition_variable_any never;
    MutexLock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

QueueConsumer::QueueConsumer(QueueConsumerOptions options, DurableQueue& door, Database& database,
                             Deduplicator& deduplicator, DeadLetters& dead_letters,
                             const Clock& clock, Metrics& metrics)
    : options_(options),
      door_(door),
      database_(database),
      deduplicator_(deduplicator),
      clock_(clock),
      last_checkpoint_(clock.steadyNow()),
      random_(options.committer.random_seed + 1),
      committer_(options.committer, database, deduplicator_, dead_letters, clock, metrics) {}

Result<void> QueueConsumer::restore() {
    if (Result<void> restored = committer_.restore(); !restored) return restored;
    door_.begin(committer_.applied().last);
    return {};
}

std::size_t QueueConsumer::drainOnce(microseconds wait) {
    if (!knowsIds()) return 0;
    if (!committer_.busy()) {
        gather(wait);
        if (!commitIsDue()) {
            checkpointIfDue();
            return 0;
        }
        beginPlan();
        if (!committer_.busy()) return 0;
    }
    const std::size_t decided = committer_.step();
    committed_since_checkpoint_ |= !committer_.busy();
    checkpointIfDue();
    return decided;
}

void QueueConsumer::gather(microseconds wait) {
    rejected_ += door_.takeRejected();
    while (!full()) {
        std::optional<QueuedBatch> next = door_.take(wait);
        if (!next) break;
        wait = microseconds(0);  // only the first is waited for
        add(std::move(*next));
    }
    if (gathering() && !gathering_since_) gathering_since_ = clock_.steadyNow();
}

void QueueConsumer::add(QueuedBatch queued) {
    rows_ += queued.batch.size();
    bytes_ += queued.batch.bytes();
    batches_.push_back(std::move(queued));
}

bool QueueConsumer::full() const {
    return rows_ >= options_.commit_rows + options_.commit_rows / kSpareOneIn ||
           bytes_ >= options_.commit_bytes;
}

bool QueueConsumer::commitIsDue() const {
    return gathering() && (full() || door_.drained() ||
                           clock_.steadyNow() >= *gathering_since_ + options_.commit_delay);
}

// Whether the ids of all stored events are known; reads them when that is due. While they are not
// no commit is under way.
bool QueueConsumer::knowsIds() {
    if (ids_known_ || clock_.steadyNow() < read_ids_at_) return ids_known_;
    if (const auto restored = deduplicator_.restore(database_); !restored) {
        readIdsLater(restored.error());
        return false;
    }
    if (read_failures_ > 0) spdlog::info("The ids of all stored events are known again.");
    read_failures_ = 0;
    return ids_known_ = true;
}

// No commit is under way: every id that the deduplicator knows is stored.
void QueueConsumer::beginPlan() {
    const SequenceNumber last = committer_.applied().last;
    // What is left in a closed queue is bounded, and a stop does not wait for a full disk.
    waits_for_archive_ = !deduplicator_.makeRoom(last) && !door_.closed();
    if (waits_for_archive_) return;
    auto plan = CommitPlan::make(batches_, last, rejected_, options_.commit_rows, deduplicator_);
    if (!plan) return readIdsLater(plan.error());
    rows_ = 0;
    bytes_ = 0;
    rejected_ = 0;
    gathering_since_.reset();
    for (QueuedBatch& undecided : std::exchange(batches_, {})) add(std::move(undecided));
    committer_.begin(std::move(*plan));
}

void QueueConsumer::readIdsLater(const Error& error) {
    ids_known_ = false;
    if (++read_failures_ == 1)
        spdlog::error("{}; the ids of all stored events are read again.", forLog(error.what));
    // A database that must be reopened is, as a commit would do it.
    if (error.code == Code::kFatal) std::ignore = committer_.reopen();
    read_ids_at_ =
        clock_.steadyNow() + backoffDelay(options_.committer.backoff, read_failures_, random_);
}

void QueueConsumer::checkpointIfDue() {
    if (committer_.busy() || !committed_since_checkpoint_) return;
    const SteadyTime now = clock_.steadyNow();
    if (!finished() && !door_.wantsCheckpoint() &&
        now < last_checkpoint_ + options_.checkpoint_every)
        return;
    // The journal gives up only what a checkpoint that succeeded has put into the database's file.
    const SequenceNumber through = committer_.applied().last;
    if (committer_.checkpoint()) door_.checkpointed(through);
    last_checkpoint_ = now;
    committed_since_checkpoint_ = false;
}

std::optional<SteadyTime> QueueConsumer::retryAt() const {
    if (committer_.busy()) return committer_.retryAt();
    if (read_failures_ > 0) return read_ids_at_;
    return std::nullopt;
}

bool QueueConsumer::finished() const {
    return door_.drained() && !gathering() && !committer_.busy();
}

void QueueConsumer::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        // Asked before: what was counted as rejected until the close is taken by this round.
        const bool closed = door_.closed();
        const bool idle = !gathering() && !committer_.busy();
        drainOnce(idle ? kIdleWait : milliseconds(0));
        if (closed && finished()) return;
        if (const nanoseconds pause = pauseBeforeNext(); pause.count() > 0) pauseFor(pause, stop);
    }
}

nanoseconds QueueConsumer::pauseBeforeNext() const {
    const SteadyTime now = clock_.steadyNow();
    if (const auto retry_at = retryAt()) return *retry_at - now;
    if (!gathering_since_) return nanoseconds(0);
    if (waits_for_archive_) return kGatherPause;
    return std::min<nanoseconds>(kGatherPause, *gathering_since_ + options_.commit_delay - now);
}

}  // namespace footfall
