#include "in_memory_queue/segment_scanner.h"

#include <algorithm>
#include <utility>

#include "support/check.h"

namespace footfall {
namespace {

bool allZeros(std::span<const std::byte> bytes) {
    return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

SegmentScanner::SegmentScanner(const PositionedFile& file, SegmentKey key, std::uint64_t begin,
                               std::uint64_t limit)
    : file_(file), key_(key), at_(begin), limit_(limit) {
    CHECK(begin % kRecordAlignment == 0, "records are aligned");
}

void SegmentScanner::extendTo(std::uint64_t limit) {
    CHECK(limit >= limit_, "a segment only grows");
    limit_ = limit;
    window_bytes_ = 0;  // it may have been read before the bytes behind the old limit were written
}

Result<std::optional<ScannedPiece>> SegmentScanner::next() {
    if (at_ >= limit_) return std::nullopt;
    Result<std::optional<RecordHeader>> header = headerAt(at_);
    if (!header) return std::unexpected(header.error());
    ScannedPiece piece{.offset = at_};
    if (*header) {
        piece.bytes = (*header)->bytes;
        const auto record = bytesAt(at_, piece.bytes);
        if (!record) return std::unexpected(record.error());
        piece.record = *record;
        if (piece.record.size() == piece.bytes && isIntact(**header, piece.record))
            piece.header = *header;
    } else {
        Result<ScannedPiece> searched = searchFrom(at_);
        if (!searched) return std::unexpected(searched.error());
        piece = *searched;
    }
    at_ = piece.end();
    return piece;
}

Result<ScannedPiece> SegmentScanner::searchFrom(std::uint64_t offset) {
    ScannedPiece piece{.offset = offset, .zeros = true};
    std::uint64_t at = offset;
    while (at < limit_) {
        const auto bytes = bytesAt(at, kRecordAlignment);
        if (!bytes) return std::unexpected(bytes.error());
        piece.zeros = piece.zeros && allZeros(*bytes);
        at += kRecordAlignment;
        const auto header = headerAt(at);
        if (!header) return std::unexpected(header.error());
        if (*header) break;
    }
    piece.bytes = std::min(at, limit_) - offset;
    return piece;
}

Result<std::optional<RecordHeader>> SegmentScanner::headerAt(std::uint64_t offset) {
    if (offset >= limit_ || limit_ - offset < sizeof(RecordHeader)) return std::nullopt;
    const auto bytes = bytesAt(offset, sizeof(RecordHeader));
    if (!bytes) return std::unexpected(bytes.error());
    return readRecordHeader(*bytes, key_, limit_ - offset);
}

Result<std::span<const std::byte>> SegmentScanner::bytesAt(std::uint64_t offset,
                                                           std::size_t count) {
    const bool inside =
        offset >= window_offset_ && offset + count <= window_offset_ + window_bytes_;
    if (!inside) {
        const std::size_t wanted = std::max<std::size_t>(
            count, std::min<std::uint64_t>(kWindowBytes, limit_ - std::min(limit_, offset)));
        if (window_.size() < wanted) window_.resize(wanted);
        const auto read = file_.readAt(offset, std::span(window_).first(wanted));
        if (!read) return std::unexpected(read.error());
        window_offset_ = offset;
        window_bytes_ = *read;
    }
    const std::size_t skipped = offset - window_offset_;
    return std::span(std::as_const(window_))
        .subspan(skipped, std::min(count, window_bytes_ - skipped));
}

}  // namespace footfall
