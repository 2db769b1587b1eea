#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "in_memory_queue/journal_format.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// A piece of a segment: a record, or bytes that are none.
struct ScannedPiece {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::optional<RecordHeader> header;  // nullopt: no record can be made of these bytes
    std::span<const std::byte> record;   // all of it; valid until the next call
    bool zeros = false;                  // without a header: nothing but zeros

    std::uint64_t end() const { return offset + bytes; }
};

// SegmentScanner: cuts a segment into records and what lies between them. After bytes that are no
// record it looks for the next one at every multiple of 8; the lengths in damaged bytes are not
// believed. A header that is intact is, so one damaged payload costs one record.
// Threads: one at a time.   Bounds: memory of kWindowBytes or the largest record, which is never
//   more than what the file holds.
// Cost: every byte is checked once; 8 further bytes a probe where it searches.
// Errors: kIo when reading fails; damage is no error.
class SegmentScanner {
  public:
    static constexpr std::size_t kWindowBytes = 256 << 10;

    // Scans [begin, limit) of the file, which must outlive this.
    SegmentScanner(const PositionedFile& file, SegmentKey key, std::uint64_t begin,
                   std::uint64_t limit);

    // The next piece; nullopt at the limit.
    [[nodiscard]] Result<std::optional<ScannedPiece>> next();
    // The segment has grown: scans on to a later limit.
    void extendTo(std::uint64_t limit);
    std::uint64_t limit() const { return limit_; }

  private:
    // The bytes [offset, offset + count), fewer where the file ends.
    [[nodiscard]] Result<std::span<const std::byte>> bytesAt(std::uint64_t offset,
                                                             std::size_t count);
    [[nodiscard]] Result<std::optional<RecordHeader>> headerAt(std::uint64_t offset);
    [[nodiscard]] Result<ScannedPiece> searchFrom(std::uint64_t offset);

    // Constant after construction.
    const PositionedFile& file_;
    const SegmentKey key_;

    std::uint64_t at_;
    std::uint64_t limit_;
    std::vector<std::byte> window_;
    std::uint64_t window_offset_ = 0;
    std::size_t window_bytes_ = 0;
};

}  // namespace footfall
