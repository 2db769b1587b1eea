#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "in_memory_queue/journal_format.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// A record that recovery found, small: there can be many.
struct FoundRecord {
    std::uint64_t offset = 0;
    std::uint64_t first = 0;
    std::uint32_t bytes = 0;
    std::uint32_t count = 0;
    std::uint16_t ordinal = 0;
    bool close = false;
    std::uint64_t after() const { return first + count; }
};

// Bytes between records.
struct FoundGap {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    bool zeros = false;
    std::uint64_t before = 0;  // number of the event that follows the records before it
};

// FoundSegment: a segment file as recovery finds it.
// Threads: one at a time.   Errors: kIo; damage is no error.
struct FoundSegment {
    std::uint64_t id = 0;  // by its name
    std::string path;
    std::uint64_t size = 0;
    std::optional<SegmentHeader> header;  // nullopt: damaged, or another one's
    SegmentKey key;
    std::uint64_t limit = 0;  // where its records end: exactly, or at the latest
    bool limit_is_exact = false;

    // After scan().
    bool scanned = false;
    std::uint64_t first = 0;            // number of the first event, as far as known
    std::uint64_t after = 0;            // number of the one after the last
    std::uint64_t end = kRecordsBegin;  // of the last record
    std::uint64_t durable = 0;          // the highest number that a header or record says is
    std::uint64_t record_count = 0;
    bool closed = false;               // ends with a kClose record
    bool in_order = true;              // numbers and ordinals only grow
    bool contiguous = true;            // and no number is left out
    std::vector<FoundRecord> records;  // in the order of the file
    std::vector<FoundGap> gaps;

    bool empty() const { return record_count == 0; }
    // Every byte before the end is part of a record, and the records are in order.
    bool clean() const { return header && in_order && gaps.empty(); }

    // Reads size and header.
    [[nodiscard]] static Result<FoundSegment> open(FileSystem& files, std::uint64_t id,
                                                   const std::string& path);
    // Finds its records. REQUIRES: key and limit are set.
    [[nodiscard]] Result<void> scan(FileSystem& files);

  private:
    void take(std::uint64_t offset, const RecordHeader& record);
};

}  // namespace footfall
