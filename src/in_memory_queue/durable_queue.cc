#include "in_memory_queue/durable_queue.h"

#include <algorithm>
#include <utility>

#include "support/check.h"
#include "support/crash_point.h"
#include "support/log.h"

namespace footfall {
namespace {

// How often requests that wait for the disk are looked at.
constexpr std::chrono::milliseconds kWatchEvery{250};
// Sealed segments that wait for a checkpoint before one is worth it.
constexpr std::size_t kSegmentsWaiting = 2;

}  // namespace

DurableQueue::DurableQueue(Options options, Journal& journal, EventQueue& queue, const Clock& clock,
                           Scheduler& scheduler, Metrics& metrics)
    : options_(options),
      journal_(journal),
      queue_(queue),
      clock_(clock),
      scheduler_(scheduler),
      attempts_(metrics.counter("push_attempts_total", "Pushes into the queue that were tried.")),
      retries_(metrics.counter("push_retries_total", "Those of the attempts after the first.")),
      left_to_journal_(metrics.counter("push_left_to_journal_total",
                                       "Batches not pushed: the consumer reads the journal.")),
      read_from_journal_(
          metrics.counter("journal_batches_read_total", "Batches the consumer read there.")),
      answered_late_(metrics.counter("answered_before_durable_total",
                                     "Requests answered with 503: the disk took too long.")),
      waiting_gauge_(metrics.gauge("push_waiting_bytes", "Batches whose push is being retried.")),
      handed_over_(journal.durableEnd()),
      random_(options.random_seed) {}

void DurableQueue::begin(SequenceNumber applied) {
    const MutexLock lock(mutex_);
    taken_ = applied;
    handed_over_ = std::max(handed_over_, applied);
    reads_journal_ = handed_over_ > taken_;
}

void DurableQueue::submit(EventBatch batch, Done done) {
    CHECK(!batch.empty(), "a request without a valid event is answered by the webhook");
    Result<EncodedRecord> record = EncodedRecord::ofEvents(batch);
    if (!record) return done(std::unexpected(std::move(record.error())));
    Ticket ticket = 0;
    bool start_watch = false;
    {
        const MutexLock lock(mutex_);
        ticket = next_ticket_++;
        unanswered_.emplace(ticket, Unanswered{std::move(done), clock_.steadyNow()});
        start_watch = !std::exchange(watching_, true);
    }
    if (start_watch) scheduler_.runAfter(kWatchEvery, [this] { answerInTime(); });
    journal_.submit(std::move(*record), [this, ticket, batch = std::move(batch)](
                                            Result<SequenceNumber> outcome) mutable {
        durable(ticket, std::move(batch), std::move(outcome));
    });
}

// A request that has waited too long for the disk is answered, and forgotten here; if its batch
// becomes durable all the same it is stored, and the client's resend is a duplicate.
void DurableQueue::answerInTime() {
    std::vector<Done> late;
    bool go_on = false;
    {
        const MutexLock lock(mutex_);
        const SteadyTime too_old = clock_.steadyNow() - options_.answer_within;
        while (!unanswered_.empty() && unanswered_.begin()->second.since <= too_old)
            late.push_back(std::move(unanswered_.extract(unanswered_.begin()).mapped().done));
        go_on = watching_ = !unanswered_.empty();
    }
    answered_late_.Increment(static_cast<double>(late.size()));
    for (const Done& done : late)
        done(fail(Code::kUnknownOutcome, "the disk takes too long to answer"));
    if (go_on) scheduler_.runAfter(kWatchEvery, [this] { answerInTime(); });
}

// On the journal's leader's thread, in the order of the numbers. The acknowledgement stands here:
// the journal has the batch on the disk, and keeps it until a checkpoint of the database covers it.
void DurableQueue::durable(Ticket ticket, EventBatch batch, Result<SequenceNumber> outcome) {
    const std::optional<Done> done = takeAnswer(ticket);
    crashPoint("queue.before_hand_over");
    if (outcome) handOver({.first = *outcome, .batch = std::move(batch)});
    crashPoint("queue.after_hand_over");
    if (!done) return;
    if (outcome)
        (*done)({});
    else
        (*done)(std::unexpected(std::move(outcome.error())));
}

std::optional<DurableQueue::Done> DurableQueue::takeAnswer(Ticket ticket) {
    const MutexLock lock(mutex_);
    auto found = unanswered_.extract(ticket);
    if (found.empty()) return std::nullopt;
    return std::move(found.mapped().done);
}

void DurableQueue::handOver(QueuedBatch queued) {
    const MutexLock lock(mutex_);
    handed_over_ = queued.last();
    if (queued.last() <= taken_) return;  // the consumer was faster, in the journal
    if (reads_journal_) return left_to_journal_.Increment();
    if (waiting_.empty() && push(queued)) return;
    keep(std::move(queued));
}

bool DurableQueue::push(QueuedBatch& queued) {
    attempts_.Increment();
    return queue_.tryPush(queued).has_value();
}

void DurableQueue::keep(QueuedBatch queued) {
    const std::size_t bytes = queued.batch.bytes();
    const bool first = waiting_.empty();
    waiting_.push_back({std::move(queued), bytes});
    waiting_bytes_ += bytes;
    waiting_gauge_.Set(static_cast<double>(waiting_bytes_));
    if (waiting_bytes_ > options_.waiting_bytes_max) return leaveToJournal();
    if (!first) return;
    give_up_at_ = clock_.steadyNow() + options_.push_time;
    failures_ = 1;
    retryLater();
}

void DurableQueue::retryLater() {
    const std::chrono::nanoseconds left = give_up_at_ - clock_.steadyNow();
    scheduler_.runAfter(std::min(left, backoffDelay(options_.backoff, failures_, random_)),
                        [this] { retry(); });
}

// Pushes what waits, as much as the queue takes.
void DurableQueue::retry() {
    const MutexLock lock(mutex_);
    while (!waiting_.empty()) {
        retries_.Increment();
        if (!push(waiting_.front().queued)) {
            if (clock_.steadyNow() >= give_up_at_) return leaveToJournal();
            ++failures_;
            return retryLater();
        }
        waiting_bytes_ -= waiting_.front().bytes;
        waiting_gauge_.Set(static_cast<double>(waiting_bytes_));
        waiting_.pop_front();
        give_up_at_ = clock_.steadyNow() + options_.push_time;
        failures_ = 0;
    }
}

void DurableQueue::leaveToJournal() {
    left_to_journal_.Increment(static_cast<double>(waiting_.size()));
    waiting_.clear();
    waiting_bytes_ = 0;
    waiting_gauge_.Set(0);
    reads_journal_ = true;
}

std::optional<QueuedBatch> DurableQueue::take(std::chrono::microseconds wait) {
    // What is in the queue is older than what was left to the journal.
    const bool from_journal = readsJournal();
    if (auto queued = queue_.pop(from_journal ? std::chrono::microseconds(0) : wait))
        return taken(std::move(*queued));
    return from_journal ? takeFromJournal(wait) : std::nullopt;
}

std::optional<QueuedBatch> DurableQueue::takeFromJournal(std::chrono::microseconds wait) {
    while (true) {
        const Place place = this->place();
        if (!reader_) reader_.emplace(journal_.readFrom(place.taken + 1));
        Result<std::optional<JournalRecord>> record = reader_->next();
        if (!record) {
            spdlog::error("The journal cannot be read: {}", forLog(record.error().what));
            return queue_.pop(wait);  // nothing is pushed: this waits before it is tried again
        }
        if (!*record) {
            if (caughtUp(place.handed_over)) return std::nullopt;
        } else if ((*record)->type == RecordType::kEvents) {
            read_from_journal_.Increment();
            QueuedBatch queued{.first = (*record)->first, .batch = std::move((*record)->batch)};
            if (queued.first <= place.taken) queued = withoutRowsBefore(queued, place.taken + 1);
            return taken(std::move(queued));
        }
    }
}

DurableQueue::Place DurableQueue::place() const {
    const MutexLock lock(mutex_);
    return {.taken = taken_, .handed_over = handed_over_};
}

// Asked under the lock under which the leader hands over, so that no batch falls between.
// `handed_over`: before the journal was found to hold nothing more.
bool DurableQueue::caughtUp(SequenceNumber handed_over) {
    const MutexLock lock(mutex_);
    if (handed_over != handed_over_) return false;
    reads_journal_ = false;
    reader_.reset();
    return true;
}

std::optional<QueuedBatch> DurableQueue::taken(QueuedBatch queued) {
    const MutexLock lock(mutex_);
    taken_ = queued.last();
    return queued;
}

bool DurableQueue::readsJournal() const {
    const MutexLock lock(mutex_);
    return reads_journal_;
}

bool DurableQueue::drained() const {
    return queue_.drained() && !readsJournal();
}

void DurableQueue::addRejected(std::uint64_t count) {
    rejected_.fetch_add(count, std::memory_order_relaxed);
}

std::uint64_t DurableQueue::takeRejected() {
    return rejected_.exchange(0, std::memory_order_relaxed);
}

// The only place where the journal is trimmed: what it gives up lies in the database's file.
void DurableQueue::checkpointed(SequenceNumber through) {
    if (const Result<void> trimmed = journal_.trim(through); !trimmed)
        spdlog::warn("The journal could not be trimmed: {}", forLog(trimmed.error().what));
    checkpointed_segment_ = journal_.newestSegment();
}

bool DurableQueue::wantsCheckpoint() const {
    return journal_.newestSegment() >= checkpointed_segment_ + kSegmentsWaiting;
}

void DurableQueue::close() {
    const MutexLock lock(mutex_);
    queue_.close();
    if (!waiting_.empty()) leaveToJournal();
}

}  // namespace footfall
