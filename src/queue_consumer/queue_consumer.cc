#include "queue_consumer/queue_consumer.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

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

void pauseFor(nanoseconds time, const std::stop_token& stop) {
    Mutex mutex;
    std::condition_variable_any never;
    MutexLock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

QueueConsumer::QueueConsumer(QueueConsumerOptions options, EventQueue& queue, DurableQueue& door,
                             Database& database, DeadLetters& dead_letters, const Clock& clock,
                             Metrics& metrics)
    : options_(options),
      queue_(queue),
      door_(door),
      database_(database),
      clock_(clock),
      known_ids_(metrics.gauge("deduplicator_ids", "Event ids known to be stored.")),
      last_checkpoint_(clock.steadyNow()),
      committer_(options.committer, database, deduplicator_, dead_letters, clock, metrics) {}

Result<void> QueueConsumer::restore() {
    if (Result<void> restored = committer_.restore(); !restored) return restored;
    return deduplicator_.restore(database_);
}

std::size_t QueueConsumer::drainOnce(microseconds wait) {
    if (!committer_.busy()) {
        gather(wait);
        if (!commitIsDue()) {
            checkpointIfDue();
            return 0;
        }
        committer_.begin(takePlan());
    }
    const std::size_t decided = committer_.step();
    committed_since_checkpoint_ |= !committer_.busy();
    checkpointIfDue();
    return decided;
}

void QueueConsumer::gather(microseconds wait) {
    const bool was_gathering = gathering();
    rejected_ += door_.takeRejected();
    while (!full()) {
        std::optional<QueuedBatch> next = queue_.pop(wait);
        if (!next) break;
        wait = microseconds(0);  // only the first is waited for
        rows_ += next->batch.size();
        bytes_ += next->batch.bytes();
        batches_.push_back(std::move(*next));
    }
    if (!was_gathering) gathering_since_ = clock_.steadyNow();
}

bool QueueConsumer::commitIsDue() const {
    return gathering() && (full() || queue_.drained() ||
                           clock_.steadyNow() >= gathering_since_ + options_.commit_delay);
}

CommitPlan QueueConsumer::takePlan() {
    rows_ = 0;
    bytes_ = 0;
    CommitPlan plan(std::exchange(batches_, {}), committer_.applied().last,
                    std::exchange(rejected_, 0), deduplicator_);
    known_ids_.Set(static_cast<double>(deduplicator_.size()));
    return plan;
}

void QueueConsumer::checkpointIfDue() {
    if (committer_.busy() || !committed_since_checkpoint_) return;
    const SteadyTime now = clock_.steadyNow();
    if (!finished() && now < last_checkpoint_ + options_.checkpoint_every) return;
    committer_.checkpoint();
    last_checkpoint_ = now;
    committed_since_checkpoint_ = false;
}

std::optional<SteadyTime> QueueConsumer::retryAt() const {
    if (!committer_.busy()) return std::nullopt;
    return committer_.retryAt();
}

bool QueueConsumer::finished() const {
    return queue_.drained() && !gathering() && !committer_.busy();
}

void QueueConsumer::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        // Asked before: what was counted as rejected until the close is taken by this round.
        const bool closed = queue_.closed();
        const bool idle = !gathering() && !committer_.busy();
        drainOnce(idle ? kIdleWait : milliseconds(0));
        if (closed && finished()) return;
        if (const nanoseconds pause = pauseBeforeNext(); pause.count() > 0) pauseFor(pause, stop);
    }
}

nanoseconds QueueConsumer::pauseBeforeNext() const {
    const SteadyTime now = clock_.steadyNow();
    if (committer_.busy()) return committer_.retryAt() - now;
    if (!gathering()) return nanoseconds(0);
    return std::min<nanoseconds>(kGatherPause, gathering_since_ + options_.commit_delay - now);
}

}  // namespace footfall
