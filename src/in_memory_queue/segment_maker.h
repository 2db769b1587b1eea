#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "in_memory_queue/journal_format.h"
#include "in_memory_queue/journal_options.h"
#include "in_memory_queue/journal_segments.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// Whatever a write of the journal fails with apart from a full disk: kFatal.
Error journalFatal(const Error& error);

// A file that has become the newest segment: its header is on the disk, and so is its name.
struct CreatedSegment {
    JournalSegments::Pointer segment;
    std::unique_ptr<PositionedFile> file;
};

// SegmentMaker: makes the next segment file, out of the spare one where there is one. The order is
// header (and what recovery puts behind it), sync, rename, sync of the folder: a name that ends in
// .segment stands for a header that is on the disk.
// Threads: one at a time.
// Errors: kQueueFull: over bytes_max | kUnavailable: the disk is full; nothing has changed then,
//   but that all segments that were merely retained are gone | others: what is on the disk is
//   unknown.
class SegmentMaker {
  public:
    SegmentMaker(const JournalOptions& options, FileSystem& files, const Clock& clock,
                 JournalSegments& segments);
    // `room` is for the records that come.
    [[nodiscard]] Result<CreatedSegment> make(SegmentHeader header, std::size_t room);
    // With these records behind the header, and even beyond bytes_max: a full journal must open.
    [[nodiscard]] Result<CreatedSegment> makeWith(SegmentHeader header,
                                                  std::span<const std::byte> records);

  private:
    bool hasRoom(std::uint64_t bytes) const;
    struct Draft {
        std::string path;
        std::unique_ptr<PositionedFile> file;
        std::uint64_t bytes = 0;
        bool recycled = false;
    };
    [[nodiscard]] Result<Draft> draft(std::uint64_t id, std::uint64_t bytes);
    [[nodiscard]] Result<CreatedSegment> fill(Draft draft, SegmentHeader header,
                                              std::span<const std::byte> records);
    [[nodiscard]] Result<CreatedSegment> publish(Draft draft, const SegmentHeader& header,
                                                 std::uint64_t end);

    const JournalOptions& options_;
    FileSystem& files_;
    const Clock& clock_;
    JournalSegments& segments_;
};

}  // namespace footfall
