#include "in_memory_queue/found_segment.h"

#include <algorithm>
#include <array>

#include "in_memory_queue/segment_scanner.h"

namespace footfall {

Result<FoundSegment> FoundSegment::open(FileSystem& files, std::uint64_t id,
                                        const std::string& path) {
    FoundSegment found{.id = id, .path = path};
    const auto file = files.open(path, OpenMode::kRead);
    if (!file) return std::unexpected(file.error());
    const Result<std::uint64_t> size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    std::array<std::byte, kRecordsBegin> head{};
    const Result<std::size_t> read = (*file)->readAt(0, head);
    if (!read) return std::unexpected(read.error());
    const Result<SegmentHeader> header = readSegmentHeader(std::span(head).first(*read));
    if (!header && header.error().code != Code::kMalformed) return std::unexpected(header.error());

    found.size = *size;
    found.limit = *size;
    found.limit_is_exact = header && (header->flags & SegmentHeader::kSalvaged) != 0;
    if (header && header->id == id) {
        found.header = *header;
        found.key = SegmentKey::of(id, header->salt);
        found.first = found.after = header->first;
        found.durable = header->durable;
    }
    return found;
}

Result<void> FoundSegment::scan(FileSystem& files) {
    const auto file = files.open(path, OpenMode::kRead);
    if (!file) return std::unexpected(file.error());
    SegmentScanner scanner(**file, key, kRecordsBegin, std::min(limit, size));
    scanned = true;
    while (!closed) {
        const Result<std::optional<ScannedPiece>> piece = scanner.next();
        if (!piece) return std::unexpected(piece.error());
        if (!*piece) break;
        if ((*piece)->header)
            take((*piece)->offset, *(*piece)->header);
        else
            gaps.push_back({.offset = (*piece)->offset,
                            .bytes = (*piece)->bytes,
                            .zeros = (*piece)->zeros,
                            .before = after});
    }
    if (limit_is_exact && size < limit)
        gaps.push_back({.offset = size, .bytes = limit - size, .before = after});
    return {};
}

void FoundSegment::take(std::uint64_t offset, const RecordHeader& record) {
    if (!header && empty()) first = after = record.first;
    // The ordinal tells apart what the numbers cannot: records without events.
    const bool follows =
        records.empty() || static_cast<std::int16_t>(record.ordinal - records.back().ordinal) > 0;
    if (record.first < after || !follows) in_order = false;
    if (record.first > after) contiguous = false;
    first = header ? first : std::min(first, record.first);
    after = std::max(after, record.after());
    durable = std::max(durable, record.durable);
    end = offset + record.bytes;
    closed = record.type == RecordType::kClose;
    ++record_count;
    records.push_back({.offset = offset,
                       .first = record.first,
                       .bytes = record.bytes,
                       .count = record.count,
                       .ordinal = record.ordinal,
                       .close = closed});
}

}  // namespace footfall
