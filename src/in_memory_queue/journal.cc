#include "in_memory_queue/journal.h"

#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "support/check.h"
#include "support/crash_point.h"
#include "support/log.h"

namespace footfall {
namespace {

constexpr const char* kRefusedHelp = "Requests that the journal refused, by reason.";

Result<void> check(const JournalOptions& options) {
    const bool sensible = !options.folder.empty() && options.durability != Durability::kNone &&
                          options.segment_bytes >= 4096 && options.group_bytes_max > 0 &&
                          options.bytes_max / 2 >= options.segment_bytes;
    if (sensible) return {};
    return fail(Code::kInvalidArgument,
                fmt::format("a journal needs a folder and room for two segments: segments have {} "
                            "bytes, the limit is {}",
                            options.segment_bytes, options.bytes_max));
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(JournalOptions options, FileSystem& files,
                                               const Clock& clock, Metrics& metrics,
                                               SequenceNumber position) {
    if (Result<void> sensible = check(options); !sensible) return std::unexpected(sensible.error());
    std::unique_ptr<Journal> journal(new Journal(std::move(options), files, clock, metrics));
    if (Result<void> done = journal->recover(position); !done) return std::unexpected(done.error());
    return journal;
}

Journal::Journal(JournalOptions options, FileSystem& files, const Clock& clock, Metrics& metrics)
    : options_(std::move(options)),
      files_(files),
      clock_(clock),
      metrics_(metrics),
      groups_(metrics.counter("journal_groups_total", "Groups written.")),
      records_(metrics.counter("journal_records_total", "Requests in them.")),
      events_(metrics.counter("journal_events_total", "Events in them.")),
      refused_full_(metrics.counter("journal_refused_total", kRefusedHelp, {{"reason", "full"}})),
      refused_memory_(
          metrics.counter("journal_refused_total", kRefusedHelp, {{"reason", "memory"}})),
      failed_groups_(
          metrics.counter("journal_failed_groups_total", "Groups that could not be made durable.")),
      waiting_bytes_gauge_(
          metrics.gauge("journal_waiting_bytes", "Records submitted and not yet answered.")),
      segments_(options_, files, clock, metrics) {}

Journal::~Journal() {
    takeWaiting();
    for (Waiting& waiting : taken_) waiting.done(fail(Code::kClosed, "the journal is gone"));
}

Result<void> Journal::recover(SequenceNumber position) {
    Result<RecoveredJournal> recovered =
        recoverJournal(options_, files_, clock_, position, segments_);
    if (!recovered) return std::unexpected(recovered.error());
    report_ = std::move(recovered->report);
    metrics_
        .counter("journal_damaged_bytes_total",
                 "Bytes of the journal that should be records and are not.")
        .Increment(static_cast<double>(report_.damage.bytes));
    metrics_.counter("journal_lost_events_total", "Durable events that damage has destroyed.")
        .Increment(static_cast<double>(report_.lost_events));
    next_ = recovered->next.value;
    durable_end_.store(next_ - 1, std::memory_order_release);
    writer_.emplace(options_, files_, clock_, segments_, std::move(*recovered), metrics_);
    return {};
}

void Journal::submit(const EventBatch& batch, Done done) {
    CHECK(!batch.empty(), "a request without a valid event has counts alone");
    Result<EncodedRecord> record = EncodedRecord::ofEvents(batch);
    if (!record) return done(std::unexpected(record.error()));
    submit(std::move(*record), std::move(done));
}

void Journal::submitRejected(std::uint32_t rejected, UtcTime received_at, Done done) {
    submit(EncodedRecord::ofCounts(rejected, received_at), std::move(done));
}

void Journal::submit(EncodedRecord record, Done done) {
    Waiting waiting{.record = std::move(record), .done = std::move(done), .since = {}};
    if (std::optional<Error> refused = enqueue(waiting))
        waiting.done(std::unexpected(std::move(*refused)));
    else
        work_.notify_one();
}

// Takes it unless it has to be refused; it is unchanged then.
std::optional<Error> Journal::enqueue(Waiting& waiting) {
    const MutexLock lock(mutex_);
    const std::size_t bytes = waiting.record.bytes().size();
    if (std::optional<Error> refused = refusal(bytes)) return refused;
    waiting_bytes_ += bytes;
    waiting_bytes_gauge_.Set(static_cast<double>(waiting_bytes_));
    waiting.since = clock_.steadyNow();
    waiting_.push_back(std::move(waiting));
    return std::nullopt;
}

std::optional<Error> Journal::refusal(std::size_t bytes) {
    if (state_ == State::kPoisoned)
        return Error{Code::kFatal, "the journal's disk failed; the process has to be restarted"};
    if (state_ == State::kClosed) return Error{Code::kClosed, "the server is shutting down"};
    // One request always fits, so that a bound that is too small slows and does not block.
    if (waiting_bytes_ == 0 || waiting_bytes_ + bytes <= options_.waiting_bytes_max)
        return std::nullopt;
    refused_memory_.Increment();
    return Error{Code::kQueueFull,
                 fmt::format("{} bytes wait for the journal's disk", waiting_bytes_)};
}

std::size_t Journal::commitGroup() {
    takeWaiting();
    std::size_t answered = fillGroup();
    if (!group_.empty()) {
        answered += group_.size();
        answerGroup(writer_->commit());
    }
    const MutexLock lock(mutex_);
    oldest_taken_ = taken_.empty() ? std::nullopt : std::optional(taken_.front().since);
    return answered;
}

void Journal::takeWaiting() {
    const MutexLock lock(mutex_);
    if (taken_.empty())
        taken_.swap(waiting_);
    else
        while (!waiting_.empty()) {
            taken_.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
    if (!taken_.empty()) oldest_taken_ = taken_.front().since;
}

// Moves what fits into one group. Returns the number of requests that were refused meanwhile.
std::size_t Journal::fillGroup() {
    std::size_t refused = 0;
    std::uint64_t next = next_;
    while (!taken_.empty()) {
        const std::size_t bytes = taken_.front().record.bytes().size();
        if (!writer_->fits(bytes)) {
            if (!group_.empty()) break;
            if (const Result<void> room = makeRoom(bytes); !room) {
                Waiting waiting = std::move(taken_.front());
                taken_.pop_front();
                answer(std::move(waiting), std::unexpected(room.error()));
                ++refused;
                if (room.error().code == Code::kFatal) poison(room.error());  // answers the rest
                continue;
            }
        }
        const EncodedRecord& record = taken_.front().record;
        writer_->add(record, {next});
        next += record.header().count;
        group_.push_back(std::move(taken_.front()));
        taken_.pop_front();
    }
    return refused;
}

Result<void> Journal::makeRoom(std::size_t bytes) {
    Result<void> rotated = writer_->rotate(bytes, {next_});
    if (!rotated && rotated.error().code == Code::kQueueFull) refused_full_.Increment();
    return rotated;
}

void Journal::answerGroup(const Result<void>& outcome) {
    std::vector<Waiting> group = std::exchange(group_, {});
    if (!outcome) {
        failed_groups_.Increment();
        Error error = outcome.error();
        const bool fatal = error.code == Code::kFatal;
        if (fatal) error.code = Code::kUnknownOutcome;
        for (Waiting& waiting : group) answer(std::move(waiting), std::unexpected(error));
        if (fatal) poison(outcome.error());
        return;
    }
    groups_.Increment();
    records_.Increment(static_cast<double>(group.size()));
    std::vector<SequenceNumber> firsts;
    firsts.reserve(group.size());
    for (const Waiting& waiting : group) {
        firsts.push_back({next_});
        next_ += waiting.record.header().count;
    }
    events_.Increment(static_cast<double>(next_ - firsts.front().value));
    // Pairs with the load in durableEnd().
    durable_end_.store(next_ - 1, std::memory_order_release);
    crashPoint("journal.before_answers");
    for (std::size_t i = 0; i < group.size(); ++i) answer(std::move(group[i]), firsts[i]);
    crashPoint("journal.after_answers");
}

void Journal::answer(Waiting waiting, Result<SequenceNumber> outcome) {
    waiting.done(std::move(outcome));
    const MutexLock lock(mutex_);
    waiting_bytes_ -= waiting.record.bytes().size();
    waiting_bytes_gauge_.Set(static_cast<double>(waiting_bytes_));
}

void Journal::poison(const Error& error) {
    {
        const MutexLock lock(mutex_);
        if (std::exchange(state_, State::kPoisoned) == State::kPoisoned) return;
    }
    spdlog::critical("{}", error.what);
    // What waits was submitted before the failure, and is not going to be written.
    takeWaiting();
    while (!taken_.empty()) {
        Waiting waiting = std::move(taken_.front());
        taken_.pop_front();
        answer(std::move(waiting), fail(Code::kFatal, error.what));
    }
    if (on_poisoned_) on_poisoned_(error);
}

void Journal::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (commitGroup() == 0) waitForWork(stop);
    }
    close();
    while (commitGroup() > 0) {
    }
    writeClose();
}

void Journal::waitForWork(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    work_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !waiting_.empty(); });
}

void Journal::close() {
    const MutexLock lock(mutex_);
    if (state_ == State::kOpen) state_ = State::kClosed;
}

void Journal::writeClose() {
    if (poisoned()) return;
    const EncodedRecord record = EncodedRecord::ofClose(clock_.utcNow());
    if (!writer_->fits(record.bytes().size())) return;
    writer_->add(record, {next_});
    crashPoint("journal.before_close_record");
    if (const Result<void> done = writer_->commit(); !done)
        spdlog::warn("journal: no close record: {}", done.error().what);
    crashPoint("journal.after_close_record");
}

SequenceNumber Journal::durableEnd() const {
    return {durable_end_.load(std::memory_order_acquire)};  // pairs with answerGroup()
}

std::optional<SteadyTime> Journal::oldestWaiting() const {
    const MutexLock lock(mutex_);
    if (oldest_taken_) return oldest_taken_;
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.front().since);
}

bool Journal::poisoned() const {
    const MutexLock lock(mutex_);
    return state_ == State::kPoisoned;
}

JournalReader Journal::readFrom(SequenceNumber from) {
    return {files_, segments_, from, metrics_};
}

}  // namespace footfall
