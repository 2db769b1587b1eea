#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "in_memory_queue/found_segment.h"
#include "in_memory_queue/journal_options.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// A record that recovery keeps, with the number that it gets.
struct KeptRecord {
    FoundRecord found;
    std::uint64_t first = 0;
};

std::uint64_t bytesOf(const std::vector<KeptRecord>& records);

// Appends the record of `file` to `out`, sealed for its new place. Errors: kIo.
[[nodiscard]] Result<void> copyRecord(const PositionedFile& file, const KeptRecord& kept,
                                      const RecordPlace& place, std::vector<std::byte>& out);

// Replaces a damaged segment by one that holds `kept` alone, under its name; with none the name
// goes. The file as it was found stays beside it: its path is returned. Whatever stops this, the
// name is either that of the old file or of the complete new one.
[[nodiscard]] Result<std::string> salvageSegment(const JournalOptions& options, FileSystem& files,
                                                 const FoundSegment& segment, std::uint64_t salt,
                                                 std::uint64_t durable,
                                                 const std::vector<KeptRecord>& kept);

}  // namespace footfall
