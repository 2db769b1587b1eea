#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event/sequence.h"
#include "in_memory_queue/journal_options.h"
#include "in_memory_queue/journal_reader.h"
#include "in_memory_queue/journal_segments.h"
#include "in_memory_queue/segment_maker.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// What was found when the journal was opened, and what was done about it.
struct JournalRecoveryReport {
    std::uint64_t segments = 0;  // files with records that are kept
    std::uint64_t scanned = 0;   // those that were read; the rest holds decided events only
    std::uint64_t records = 0;   // intact ones in those
    bool closed_cleanly = false;

    JournalDamage damage;
    std::uint64_t lost_events = 0;  // numbers above the position that were durable and are gone
    std::vector<std::string> quarantined;  // paths of the files as they were found

    // The remains of a group that was never acknowledged: the usual trace of a crash, no damage.
    std::uint64_t torn_bytes = 0;
    std::uint64_t rewritten_records = 0;   // not known durable when found; durable now
    std::uint64_t renumbered_records = 0;  // of those: the ones before them were torn away

    bool damaged() const { return damage.places > 0 || lost_events > 0; }
};
// A line a finding; nothing when there is none.
void logRecovery(const JournalRecoveryReport& report);

// A journal that is ready to be appended to: everything found is durable and in whole records.
struct RecoveredJournal {
    CreatedSegment current;
    SegmentHeader header;            // of the current segment
    std::uint16_t next_ordinal = 0;  // in it
    SequenceNumber next;             // of the next event
    JournalRecoveryReport report;
};

// Opens what a process left in the folder, whatever ended it, and fills `segments`.
//
// `position` is the highest number that the database has decided. Segments with nothing above it
// are not read, except the newest one. Every record says which number was known durable when it was
// written: bytes that are no record are damage when an event up to the highest such number is
// missing for them, and the torn tail of an unacknowledged group otherwise. Of a damaged file the
// intact records are copied into a new one under its name, and the file is kept as *.quarantine.
// Records that no other one proves durable may be in the page cache alone: they are written again
// into a new segment, which is synced before anything is appended. Nothing is ever appended to a
// file that was found. To recover twice gives the same as once.
//
// Threads: before any other use of the folder.   Cost: one pass over the segments above `position`.
// Errors: kInvalidArgument: a newer format | kUnavailable: the disk is full | kIo | kFatal.
[[nodiscard]] Result<RecoveredJournal> recoverJournal(const JournalOptions& options,
                                                      FileSystem& files, const Clock& clock,
                                                      SequenceNumber position,
                                                      JournalSegments& segments);

}  // namespace footfall
