#include "queue_consumer/commit_plan.h"

#include <algorithm>
#include <utility>

#include "support/check.h"

namespace footfall {
namespace {

using Verdicts = std::vector<Deduplicator::Verdict>;

// Of the events up to the `rows_max`-th new one. Never of one more: deciding marks its id, and only
// what this plan brings into the database may be marked.
Result<Verdicts> decide(std::span<const QueuedBatch> batches, std::size_t rows_max,
                        Deduplicator& deduplicator) {
    // Not batch by batch: looked up together, the ids' cache misses overlap, and batches can be
    // small.
    std::vector<EventId> ids;
    std::vector<PayloadHash> payload_hashes;
    for (const QueuedBatch& queued : batches) {
        const EventBatch& batch = queued.batch;
        ids.insert(ids.end(), batch.ids.begin(), batch.ids.end());
        payload_hashes.insert(payload_hashes.end(), batch.payload_hashes.begin(),
                              batch.payload_hashes.end());
    }
    Verdicts verdicts;
    std::size_t rows = 0;
    while (rows < rows_max && verdicts.size() < ids.size()) {
        const std::size_t begin = verdicts.size();
        const std::size_t count = std::min(rows_max - rows, ids.size() - begin);
        const auto next = deduplicator.decide(std::span(ids).subspan(begin, count),
                                              std::span(payload_hashes).subspan(begin, count));
        if (!next) return std::unexpected(next.error());
        verdicts.insert(verdicts.end(), next->begin(), next->end());
        rows += static_cast<std::size_t>(std::ranges::count(*next, Deduplicator::Verdict::kNew));
    }
    return verdicts;
}

}  // namespace

Result<CommitPlan> CommitPlan::make(std::vector<QueuedBatch>& batches, SequenceNumber after,
                                    std::uint64_t rejected, std::size_t rows_max,
                                    Deduplicator& deduplicator) {
    const auto verdicts = decide(batches, rows_max, deduplicator);
    if (!verdicts) return std::unexpected(verdicts.error());

    CommitPlan plan(after, rejected);
    std::vector<QueuedBatch> undecided;
    std::span<const Deduplicator::Verdict> left(*verdicts);
    for (QueuedBatch& queued : batches) {
        const std::size_t count = std::min(left.size(), queued.batch.size());
        if (count == 0) {
            undecided.push_back(std::move(queued));
            continue;
        }
        if (count < queued.batch.size())
            undecided.push_back(withoutRowsBefore(queued, queued.first + count));
        plan.add(std::move(queued), left.first(count));
        left = left.subspan(count);
    }
    batches = std::move(undecided);
    return plan;
}

void CommitPlan::add(QueuedBatch queued, std::span<const Deduplicator::Verdict> verdicts) {
    CHECK(queued.first > range_.last, "batches follow each other");
    range_.last = {queued.first.value + verdicts.size() - 1};
    std::vector<Decision> decisions(verdicts.size());
    std::ranges::transform(verdicts, decisions.begin(), decisionOf);
    batches_.push_back({.queued = std::move(queued), .decisions = std::move(decisions)});
}

CommitPlan::Decision CommitPlan::decisionOf(Deduplicator::Verdict verdict) {
    switch (verdict) {
        case Deduplicator::Verdict::kNew:
            return Decision::kStore;
        case Deduplicator::Verdict::kDuplicate:
            return Decision::kDuplicate;
        case Deduplicator::Verdict::kConflict:
            return Decision::kConflict;
    }
    CHECK(false, "a verdict");
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

std::optional<SequenceNumber> CommitPlan::markDeadLettered(SequenceNumber number) {
    DecidedBatch& batch = batches_[indexOf(number)];
    Decision& decision = batch.decisions[number.value - batch.queued.first.value];
    CHECK(decision == Decision::kStore, "only what was to be stored can be refused");
    decision = Decision::kDeadLetter;
    return promoteNextOf(eventAt(number).id, number);
}

// Decided with the dead letter or after it, the events of an id get the same decisions.
std::optional<SequenceNumber> CommitPlan::promoteNextOf(EventId id, SequenceNumber after) {
    std::optional<SequenceNumber> promoted;
    PayloadHash payload_hash = 0;
    for (std::size_t i = indexOf(after); i < batches_.size(); ++i) {
        const auto& [queued, _] = batches_[i];
        for (std::size_t row = 0; row < batches_[i].decisions.size(); ++row) {
            const SequenceNumber number = queued.first + row;
            if (number <= after || queued.batch.ids[row] != id) continue;
            const PayloadHash hash = queued.batch.payload_hashes[row];
            Decision& decision = batches_[i].decisions[row];
            if (!promoted) {
                promoted = number;
                payload_hash = hash;
                decision = Decision::kStore;
            } else {
                decision = hash == payload_hash ? Decision::kDuplicate : Decision::kConflict;
            }
        }
    }
    return promoted;
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
    const auto found = std::ranges::partition_point(
        batches_, [number](const DecidedBatch& batch) { return batch.queued.last() < number; });
    return static_cast<std::size_t>(found - batches_.begin());
}

}  // namespace footfall
