#include "queue_consumer/commit_plan.h"

#include <algorithm>
#include <utility>

#include "support/check.h"

namespace footfall {
namespace {

constexpr std::size_t kPrefetchedRows = 16;

}  // namespace

CommitPlan::CommitPlan(std::vector<QueuedBatch> batches, SequenceNumber after,
                       std::uint64_t rejected, Deduplicator& deduplicator)
    : range_{.first = after + 1, .last = after}, rejected_(rejected) {
    batches_.reserve(batches.size());
    for (QueuedBatch& queued : batches) {
        CHECK(queued.first == range_.last + 1, "batches follow each other without a gap");
        range_.last = queued.last();
        batches_.push_back(decide(std::move(queued), deduplicator));
    }
}

std::optional<UtcTime> CommitPlan::oldestReceived() const {
    if (batches_.empty()) return std::nullopt;
    return batches_.front().queued.batch.received_at;
}

Commit CommitPlan::commitOf(SequenceRange part) const {
    Commit commit{.parts = {}, .range = part, .delta = {}};
    if (part.first == range_.first) commit.delta.rejected = rejected_;
    if (part.count() == 0) return commit;
    for (std::size_t i = indexOf(part.first);
         i < batches_.size() && batches_[i].queued.first <= part.last; ++i)
        addPart(batches_[i], part, commit);
    return commit;
}

EventView CommitPlan::eventAt(SequenceNumber number) const {
    const QueuedBatch& queued = batches_[indexOf(number)].queued;
    return footfall::eventAt(queued.batch, number.value - queued.first.value);
}

void CommitPlan::markDeadLettered(SequenceNumber number) {
    DecidedBatch& batch = batches_[indexOf(number)];
    Decision& decision = batch.decisions[number.value - batch.queued.first.value];
    CHECK(decision == Decision::kStore, "only what was to be stored can be refused");
    decision = Decision::kDeadLetter;
}

CommitPlan::DecidedBatch CommitPlan::decide(QueuedBatch queued, Deduplicator& deduplicator) {
    const EventBatch& batch = queued.batch;
    std::vector<Decision> decisions;
    decisions.reserve(batch.size());
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (row + kPrefetchedRows < batch.size())
            deduplicator.prefetch(batch.ids[row + kPrefetchedRows]);
        switch (deduplicator.decide(batch.ids[row], batch.payload_hashes[row])) {
            case Deduplicator::Verdict::kNew:
                decisions.push_back(Decision::kStore);
                break;
            case Deduplicator::Verdict::kDuplicate:
                decisions.push_back(Decision::kDuplicate);
                break;
            case Deduplicator::Verdict::kConflict:
                decisions.push_back(Decision::kConflict);
                break;
        }
    }
    return {.queued = std::move(queued), .decisions = std::move(decisions)};
}

void CommitPlan::addPart(const DecidedBatch& decided, SequenceRange part, Commit& commit) {
    const QueuedBatch& queued = decided.queued;
    const std::uint64_t begin = std::max(part.first, queued.first).value - queued.first.value;
    const std::uint64_t end = std::min(part.last, queued.last()).value - queued.first.value + 1;

    std::vector<std::uint32_t> rows;
    for (std::uint64_t row = begin; row < end; ++row) {
        switch (decided.decisions[row]) {
            case Decision::kStore:
                rows.push_back(static_cast<std::uint32_t>(row));
                break;
            case Decision::kConflict:
                ++commit.delta.conflicts;
                [[fallthrough]];
            case Decision::kDuplicate:
                ++commit.delta.duplicates;
                break;
            case Decision::kDeadLetter:
                ++commit.delta.dead_lettered;
                break;
        }
    }
    commit.delta.stored += rows.size();
    if (end == queued.batch.size()) {  // what was counted for the batch goes with its last event
        commit.delta.rejected += queued.batch.rejected_count;
        commit.delta.without_id += queued.batch.assigned_id_count;
        commit.delta.late += queued.batch.late_count;
    }
    if (!rows.empty())
        commit.parts.push_back(
            {.batch = &queued.batch, .first = queued.first, .rows = std::move(rows)});
}

std::size_t CommitPlan::indexOf(SequenceNumber number) const {
    CHECK(range_.first <= number && number <= range_.last, "a number of this plan");
    const auto next = std::ranges::upper_bound(
        batches_, number, {}, [](const DecidedBatch& batch) { return batch.queued.first; });
    return static_cast<std::size_t>(next - batches_.begin()) - 1;
}

}  // namespace footfall
