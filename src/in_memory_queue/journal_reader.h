#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "event/event_batch.h"
#include "event/sequence.h"
#include "in_memory_queue/journal_segments.h"
#include "in_memory_queue/segment_scanner.h"
#include "support/file.h"
#include "support/metrics.h"
#include "support/result.h"

namespace footfall {

// What a reader gives out: the events of a request, or the count of a request without any.
struct JournalRecord {
    RecordType type = RecordType::kEvents;
    SequenceNumber first;  // of the batch; with kCounts: of the next event
    EventBatch batch;      // with kCounts: rejected_count and received_at, no rows
    // Numbers before `first` that no record has: events that were lost to damage. 0: none.
    std::uint64_t missing = 0;
};

// Bytes that should be records and are not. Counted once, where they are come across.
struct JournalDamage {
    std::uint64_t bytes = 0;
    std::uint64_t places = 0;  // records, or runs of bytes that were records
};

// JournalReader: gives out the records from a number on, in order, up to the durable end of the
// journal; asked again later, it goes on from there. Reads while the leader writes.
// Threads: one at a time.   Blocks: for the disk.   Outlives: nothing; the journal outlives it.
// Bounds: memory of one scanner's window and one record.
// Order: of the numbers. The first record can begin before `from`, when that is within a request.
// Counts: a kCounts record is given out when its `first` is higher than the number that was asked
//   for; an equal one may have been counted with the events before it already.
// Errors: kIo when the disk fails. Damage is no error: it is skipped, counted in damage(), and
//   shows as `missing` in the next record.
class JournalReader {
  public:
    JournalReader(FileSystem& files, const JournalSegments& segments, SequenceNumber from,
                  Metrics& metrics);

    // nullopt: everything that is durable has been given out.
    [[nodiscard]] Result<std::optional<JournalRecord>> next();
    // Of the first event that has not been given out.
    SequenceNumber position() const { return next_; }
    const JournalDamage& damage() const { return damage_; }

  private:
    [[nodiscard]] Result<void> open(JournalSegments::Pointer segment);
    [[nodiscard]] Result<bool> goOn();
    [[nodiscard]] Result<std::optional<JournalRecord>> take(const ScannedPiece& piece);
    void countDamage(std::uint64_t bytes);

    // Constant after construction.
    FileSystem& files_;
    const JournalSegments& segments_;
    const SequenceNumber from_;
    prometheus::Counter& damaged_bytes_;

    SequenceNumber next_;
    JournalSegments::Pointer segment_;  // held, so that it is not trimmed meanwhile
    std::unique_ptr<PositionedFile> file_;
    std::optional<SegmentScanner> scanner_;
    JournalDamage damage_;
};

}  // namespace footfall
