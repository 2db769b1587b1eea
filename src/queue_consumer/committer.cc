#include "queue_consumer/committer.h"

#include <utility>

#include "support/check.h"
#include "support/log.h"

namespace footfall {
namespace {

bool needsReopen(Code code) {
    return code == Code::kFatal || code == Code::kUnknownOutcome;
}

double secondsBetween(SteadyTime begin, SteadyTime end) {
    return std::chrono::duration<double>(end - begin).count();
}

// The number of the commit's row `index`, counted over its parts.
SequenceNumber numberOfRow(const Commit& commit, std::size_t index) {
    for (const CommitPart& part : commit.parts) {
        if (index < part.rows.size()) return part.first + part.rows[index];
        index -= part.rows.size();
    }
    CHECK(false, "a row of this commit");
}

}  // namespace

Committer::Committer(Options options, Database& database, Deduplicator& deduplicator,
                     DeadLetters& dead_letters, const Clock& clock, Metrics& metrics)
    : backoff_(options.backoff),
      database_(database),
      deduplicator_(deduplicator),
      dead_letters_(dead_letters),
      clock_(clock),
      commits_(metrics.counter("commits_total", "Transactions that stored events or counts.")),
      stored_(metrics.counter("events_stored_total", "Events stored; by commits_total: mean.")),
      duplicates_(metrics.counter("events_duplicate_total", "Events seen before, not stored.")),
      conflicts_(metrics.counter("events_conflict_total", "Duplicates with another payload.")),
      dead_lettered_(metrics.counter("events_dead_lettered_total", "Events never storable.")),
      retries_(metrics.counter("commit_retries_total", "Failed attempts to commit.")),
      commit_seconds_(metrics.counter("commit_seconds_total", "Time in commits that succeeded.")),
      checkpoint_seconds_(metrics.counter("checkpoint_seconds_total", "Time in checkpoints.")),
      freshness_(metrics.gauge("commit_freshness_seconds",
                               "From receipt to stored, of the last commit's oldest event.")),
      random_(options.random_seed) {}

Result<void> Committer::restore() {
    Result<Applied> applied = database_.applied();
    if (!applied) return std::unexpected(applied.error());
    const MutexLock lock(mutex_);
    applied_ = *applied;
    return {};
}

void Committer::begin(CommitPlan plan) {
    CHECK(!busy(), "one plan after the other");
    CHECK(plan.range().first == applied().last + 1, "a plan follows what is committed");
    parts_ = {plan.range()};
    plan_ = std::move(plan);
}

std::size_t Committer::step() {
    std::size_t decided = 0;
    while (busy() && clock_.steadyNow() >= retry_at_) {
        const Commit commit = plan_->commitOf(parts_.back());
        if (const Result<void> done = commitOnce(commit); !done) {
            handle(commit, done.error());
            continue;
        }
        decided += commit.range.count();
        succeeded(commit);
    }
    return decided;
}

Result<void> Committer::commitOnce(const Commit& commit) {
    if (in_doubt_) {
        const Result<bool> did = happened(commit);
        if (!did) return std::unexpected(did.error());
        in_doubt_ = false;
        if (*did) return {};
    }
    const SteadyTime begin = clock_.steadyNow();
    Result<void> done = database_.commit(commit);
    if (done) commit_seconds_.Increment(secondsBetween(begin, clock_.steadyNow()));
    return done;
}

Result<bool> Committer::happened(const Commit& commit) {
    if (const Result<void> reopened = reopen(); !reopened) return std::unexpected(reopened.error());
    const Result<Applied> found = database_.applied();
    if (!found) return std::unexpected(found.error());

    // The totals are compared as well: a commit of counts alone moves no position.
    const Applied before = applied();
    EventCounters totals_after = before.totals;
    totals_after += commit.delta;
    if (found->last == before.last && found->totals == before.totals) return false;
    CHECK(found->last == commit.range.last && found->totals == totals_after,
          "the database holds neither the state before the commit in doubt nor that after it");
    return true;
}

Result<void> Committer::reopen() {
    Result<void> reopened = database_.reopen();
    if (!reopened && reopened.error().code == Code::kFatal && !std::exchange(damaged_, true) &&
        on_damaged_)
        on_damaged_(reopened.error());
    return reopened;
}

void Committer::handle(const Commit& commit, const Error& error) {
    // A refusal for content without content would be the database's mistake: tried again.
    if (error.code == Code::kContent && commit.delta.stored > 0) return isolate(commit, error.what);
    if (needsReopen(error.code)) in_doubt_ = true;
    tryAgainLater(error);
}

void Committer::isolate(const Commit& commit, const std::string& reason) {
    if (commit.delta.stored == 1) return bury(numberOfRow(commit, 0), reason);

    if (commit.range.count() == plan_->range().count())
        spdlog::warn("The database refuses some of {} events for their content: {}",
                     commit.delta.stored, forLog(reason));
    const SequenceNumber middle = numberOfRow(commit, commit.delta.stored / 2);
    parts_.back() = {.first = middle, .last = commit.range.last};
    parts_.push_back({.first = commit.range.first, .last = {middle.value - 1}});
}

void Committer::bury(SequenceNumber number, const std::string& reason) {
    const EventView event = plan_->eventAt(number);
    if (const Result<void> added = dead_letters_.add(event, reason, clock_.utcNow()); !added)
        return tryAgainLater(added.error());
    // Mended and sent again under the same id it shall be stored.
    if (const auto next = plan_->markDeadLettered(number))
        deduplicator_.replace(event.id, plan_->eventAt(*next).payload_hash);
    else
        deduplicator_.forget(event.id);
}

void Committer::succeeded(const Commit& commit) {
    if (failures_ > 0) spdlog::info("The database takes commits again.");
    failures_ = 0;
    retry_at_ = {};
    {
        const MutexLock lock(mutex_);
        applied_.last = commit.range.last;
        applied_.totals += commit.delta;
    }
    count(commit);
    parts_.pop_back();
    if (!parts_.empty()) return;
    if (const auto received = plan_->oldestReceived())
        freshness_.Set(std::chrono::duration<double>(clock_.utcNow() - *received).count());
    plan_.reset();
}

void Committer::count(const Commit& commit) {
    commits_.Increment();
    stored_.Increment(static_cast<double>(commit.delta.stored));
    duplicates_.Increment(static_cast<double>(commit.delta.duplicates));
    conflicts_.Increment(static_cast<double>(commit.delta.conflicts));
    dead_lettered_.Increment(static_cast<double>(commit.delta.dead_lettered));
}

void Committer::tryAgainLater(const Error& error) {
    retries_.Increment();
    if (++failures_ == 1)
        spdlog::warn("A commit failed and will be tried until it succeeds: {}", forLog(error.what));
    retry_at_ = clock_.steadyNow() + backoffDelay(backoff_, failures_, random_);
}

bool Committer::checkpoint() {
    CHECK(!busy(), "no checkpoint while a retry is due");
    const SteadyTime begin = clock_.steadyNow();
    const Result<void> done = database_.checkpoint();
    checkpoint_seconds_.Increment(secondsBetween(begin, clock_.steadyNow()));
    if (done) return true;
    spdlog::warn("A checkpoint failed; the next one covers it: {}", forLog(done.error().what));
    if (needsReopen(done.error().code)) in_doubt_ = !reopen();
    return false;
}

Applied Committer::applied() const {
    const MutexLock lock(mutex_);
    return applied_;
}

}  // namespace footfall
