#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <span>

#include "event/sequence.h"
#include "queue_consumer/id_entry.h"
#include "queue_consumer/id_set.h"
#include "support/mutex.h"

namespace footfall {

// Ids that are complete and no longer change, on their way into the archive.
struct IdGeneration {
    IdSet ids;
    SequenceNumber covered;  // the number up to which the archive and they hold every stored id
};

// IdWindow: the young ids, in memory: a young generation, which marks are made in, and sealed ones.
// A sealed one stays until it is archived and the next is sealed, so that what is resent soon is
// answered without the disk.
// Threads: one at a time, the committer's; toArchive(), archived() and waitingIds() any other's.
// Bounds: generations_max; what is in one is its owner's to bound.
class IdWindow {
  public:
    explicit IdWindow(std::size_t generations_max) : generations_max_(generations_max) {}

    void clear();
    // Fills in the answers to those that are here.
    void find(std::span<IdLookup> lookups) const;
    // As IdSet's, on the young generation.
    const IdEntry* insert(const IdEntry& entry) { return young_.insert(entry); }
    void erase(const IdEntry& entry) { young_.erase(entry); }
    const IdSet& young() const { return young_; }

    // Begins a new young generation. False: there are as many generations as may be.
    bool seal(SequenceNumber covered);

    std::size_t ids() const;
    std::size_t generations() const { return sealed_.size() + 1; }

    // The oldest that is not archived; nullptr: all are.
    std::shared_ptr<const IdGeneration> toArchive() const;
    // The one that toArchive() gave is.
    void archived();
    // Ids of sealed generations that are not archived.
    std::size_t waitingIds() const;

  private:
    using Generations = std::deque<std::shared_ptr<const IdGeneration>>;

    const std::size_t generations_max_;
    IdSet young_;
    Generations sealed_;  // the oldest first; its last are those that wait

    mutable Mutex mutex_;
    Generations waiting_ GUARDED_BY(mutex_);
};

}  // namespace footfall
