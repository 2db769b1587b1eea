#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "event/sequence.h"
#include "in_memory_queue/journal_format.h"
#include "in_memory_queue/journal_options.h"
#include "in_memory_queue/journal_recovery.h"
#include "in_memory_queue/journal_segments.h"
#include "in_memory_queue/segment_maker.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/metrics.h"
#include "support/result.h"

namespace footfall {

// JournalWriter: the end of the journal. Collects the records of a group, then writes them with one
// call and one sync.
// Threads: one at a time, the journal's leader.
// Errors of commit(): kUnavailable: the disk is full; the segment is cut back to its last good
//   record and the group is not in it | kFatal: a sync or another write failed. What is on the disk
//   is unknown then and must not be asked for again; nothing more may be written.
// Source: leveldb:db/log_writer.cc, db/db_impl.cc (BuildBatchGroup).
class JournalWriter {
  public:
    JournalWriter(const JournalOptions& options, FileSystem& files, const Clock& clock,
                  JournalSegments& segments, RecoveredJournal recovered, Metrics& metrics);

    // Whether a record of this length can still be added to the group.
    bool fits(std::size_t bytes) const;
    // Goes on in a new segment that has room for `bytes`. REQUIRES: the group is empty.
    [[nodiscard]] Result<void> rotate(std::size_t bytes, SequenceNumber next);
    // Copies the record behind the group's others. REQUIRES: fits().
    void add(const EncodedRecord& record, SequenceNumber first);
    bool empty() const { return group_.empty(); }
    // Makes the group durable. Empty afterwards, whatever came of it.
    [[nodiscard]] Result<void> commit();

  private:
    [[nodiscard]] Result<void> write();
    [[nodiscard]] Result<void> sync();
    [[nodiscard]] Result<void> cutBack(const Error& cause);

    // Constant after construction.
    const JournalOptions& options_;
    const Clock& clock_;
    SegmentMaker maker_;
    prometheus::Counter& bytes_;
    prometheus::Counter& syncs_;
    prometheus::Counter& sync_seconds_;

    // The leader's.
    CreatedSegment current_;
    SegmentHeader header_;             // of the current segment
    std::uint64_t end_;                // of its durable records
    std::uint16_t ordinal_;            // of the next record
    std::uint16_t committed_ordinal_;  // the same, without the group
    std::uint64_t durable_;            // the highest number that is
    std::uint64_t group_last_ = 0;
    std::vector<std::byte> group_;
};

}  // namespace footfall
