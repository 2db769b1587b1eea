#include "in_memory_queue/segment_salvage.h"

#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "in_memory_queue/journal_segments.h"
#include "support/crash_point.h"

namespace footfall {
namespace {

constexpr unsigned kQuarantineNamesMax = 1'000;

// A second name for the damaged file, so that nothing is lost if this is cut short.
Result<std::string> quarantine(FileSystem& files, const std::string& path) {
    for (unsigned n = 1; n <= kQuarantineNamesMax; ++n) {
        std::string name = fmt::format("{}.{}{}", path, n, kQuarantineSuffix);
        const Result<void> linked = files.link(path, name);
        if (linked) return name;
        if (linked.error().code != Code::kInvalidArgument) return std::unexpected(linked.error());
    }
    return fail(Code::kIo, fmt::format("{} damaged files are kept beside {}; move them away",
                                       kQuarantineNamesMax, path));
}

Result<void> writeKept(FileSystem& files, const FoundSegment& segment, const SegmentHeader& header,
                       const std::vector<KeptRecord>& kept, const std::string& path) {
    const auto from = files.open(segment.path, OpenMode::kRead);
    if (!from) return std::unexpected(from.error());
    const auto to = files.open(path, OpenMode::kCreate);
    if (!to) return std::unexpected(to.error());
    constexpr std::size_t kChunkBytes = 1 << 20;
    std::vector<std::byte> chunk(kRecordsBegin);
    writeSegmentHeader(header, std::span(chunk).first<kRecordsBegin>());
    std::uint64_t offset = 0;
    std::uint16_t ordinal = 0;
    const auto flush = [&]() -> Result<void> {
        Result<void> written = (*to)->writeAt(offset, chunk);
        offset += chunk.size();
        chunk.clear();
        return written;
    };
    for (const KeptRecord& one : kept) {
        const RecordPlace place{.key = SegmentKey::of(header.id, header.salt),
                                .first = one.first,
                                .durable = header.durable,
                                .ordinal = ordinal++};
        if (Result<void> added = copyRecord(**from, one, place, chunk); !added) return added;
        if (chunk.size() < kChunkBytes) continue;
        if (Result<void> written = flush(); !written) return written;
    }
    if (Result<void> written = flush(); !written) return written;
    return (*to)->syncData();
}

}  // namespace

Result<void> copyRecord(const PositionedFile& file, const KeptRecord& kept,
                        const RecordPlace& place, std::vector<std::byte>& out) {
    const std::size_t at = out.size();
    out.resize(at + kept.found.bytes);
    const std::span<std::byte> record = std::span(out).subspan(at);
    const Result<std::size_t> read = file.readAt(kept.found.offset, record);
    if (!read) return std::unexpected(read.error());
    if (*read < record.size()) return fail(Code::kIo, "a record that was there before is gone");
    sealRecord(record, place);
    return {};
}

std::uint64_t bytesOf(const std::vector<KeptRecord>& records) {
    std::uint64_t bytes = 0;
    for (const KeptRecord& record : records) bytes += record.found.bytes;
    return bytes;
}

Result<std::string> salvageSegment(const JournalOptions& options, FileSystem& files,
                                   const FoundSegment& segment, std::uint64_t salt,
                                   std::uint64_t durable, const std::vector<KeptRecord>& kept) {
    const std::string draft = segment.path + std::string(kNewSuffix);
    if (!kept.empty()) {
        SegmentHeader header = segment.header.value_or(
            SegmentHeader{.id = segment.id, .salt = salt, .first = segment.first});
        header.flags = SegmentHeader::kSalvaged;
        header.durable = durable;
        if (Result<void> written = writeKept(files, segment, header, kept, draft); !written)
            return std::unexpected(written.error());
    }
    crashPoint("journal.after_salvage_write");
    Result<std::string> quarantined = quarantine(files, segment.path);
    if (!quarantined) return quarantined;
    crashPoint("journal.after_salvage_link");
    Result<void> replaced =
        kept.empty() ? files.remove(segment.path) : files.rename(draft, segment.path);
    if (replaced) replaced = files.syncDirectory(options.folder);
    crashPoint("journal.after_salvage_rename");
    if (!replaced) return std::unexpected(replaced.error());
    return quarantined;
}

}  // namespace footfall
