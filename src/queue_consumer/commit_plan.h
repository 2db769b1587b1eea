#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "database/database.h"
#include "in_memory_queue/event_queue.h"
#include "queue_consumer/deduplicator.h"

namespace footfall {

// CommitPlan: batches that follow each other in the order of acceptance, with a decision for each
// event, made once. Commits are cut out of it: one of everything, or smaller ones where the
// database refuses the whole. However it is cut, the commits add up to the same counters.
// Threads: one at a time.   Owns: its batches, which the commits point into.
class CommitPlan {
  public:
    // `after`: the last number decided before. `rejected`: events refused outside of any batch.
    // The plan ends with the `rows_max`-th event that is to be stored, or with the batches.
    // REQUIRES: the batches' numbers follow `after`. A gap is events that damage of the journal has
    // taken: the position passes them, nothing counts them, and the audit does not add up.
    // Takes the batches; what lies behind the plan's end stays there, undecided.
    // Errors: the deduplicator's; the batches are left as they are then.
    [[nodiscard]] static Result<CommitPlan> make(std::vector<QueuedBatch>& batches,
                                                 SequenceNumber after, std::uint64_t rejected,
                                                 std::size_t rows_max, Deduplicator& deduplicator);

    SequenceRange range() const { return range_; }
    // When its oldest event was received; nullopt when there is none.
    std::optional<UtcTime> oldestReceived() const;

    // What is to be stored and counted of the numbers in `part`.
    Commit commitOf(SequenceRange part) const;
    EventView eventAt(SequenceNumber number) const;
    // From now on the event is counted among the dead letters, not stored; the next one of its id
    // is, if the plan holds one: its number is returned.
    std::optional<SequenceNumber> markDeadLettered(SequenceNumber number);

  private:
    enum class Decision : std::uint8_t { kStore, kDuplicate, kConflict, kDeadLetter };
    struct DecidedBatch {
        QueuedBatch queued;
        std::vector<Decision> decisions;  // one a row, of the first rows where the plan ends in it
    };

    CommitPlan(SequenceNumber after, std::uint64_t rejected)
        : range_{.first = after + 1, .last = after}, rejected_(rejected) {}
    static Decision decisionOf(Deduplicator::Verdict verdict);
    std::optional<SequenceNumber> promoteNextOf(EventId id, SequenceNumber after);
    void add(QueuedBatch queued, std::span<const Deduplicator::Verdict> verdicts);
    static void addPart(const DecidedBatch& batch, SequenceRange part, Commit& commit);
    // Of the batch with that number or, for one in a gap, the next.
    std::size_t indexOf(SequenceNumber number) const;

    std::vector<DecidedBatch> batches_;
    SequenceRange range_;
    std::uint64_t rejected_;
};

}  // namespace footfall
