#include "in_memory_queue/journal_reader.h"

#include <algorithm>
#include <utility>

namespace footfall {

JournalReader::JournalReader(FileSystem& files, const JournalSegments& segments,
                             SequenceNumber from, Metrics& metrics)
    : files_(files),
      segments_(segments),
      from_(from),
      damaged_bytes_(metrics.counter("journal_damaged_bytes_total",
                                     "Bytes of the journal that should be records and are not.")),
      next_(from) {}

Result<std::optional<JournalRecord>> JournalReader::next() {
    if (!segment_)
        if (Result<void> opened = open(segments_.find(next_)); !opened)
            return std::unexpected(opened.error());
    while (true) {
        Result<std::optional<ScannedPiece>> piece = scanner_->next();
        if (!piece) return std::unexpected(piece.error());
        if (!*piece) {
            const Result<bool> more = goOn();
            if (!more) return std::unexpected(more.error());
            if (!*more) return std::nullopt;
            continue;
        }
        Result<std::optional<JournalRecord>> record = take(**piece);
        if (!record || *record) return record;
    }
}

// To what has been written since, or to the next segment. False: there is nothing more.
Result<bool> JournalReader::goOn() {
    const JournalSegments::Pointer next = segments_.after(segment_->id);
    // After the question whether there is a next one: then this one does not grow any more.
    // Pairs with the store in JournalWriter.
    const std::uint64_t end = segment_->end.load(std::memory_order_acquire);
    if (end > scanner_->limit()) {
        scanner_->extendTo(end);
        return true;
    }
    if (!next) return false;
    if (Result<void> opened = open(next); !opened) return std::unexpected(opened.error());
    return true;
}

Result<void> JournalReader::open(JournalSegments::Pointer segment) {
    Result<std::unique_ptr<PositionedFile>> file = files_.open(segment->path, OpenMode::kRead);
    if (!file) return std::unexpected(file.error());
    segment_ = std::move(segment);
    file_ = std::move(*file);
    scanner_.emplace(*file_, segment_->key, kRecordsBegin,
                     segment_->end.load(std::memory_order_acquire));
    return {};
}

Result<std::optional<JournalRecord>> JournalReader::take(const ScannedPiece& piece) {
    if (!piece.header) {
        // Unused room at the end of a segment whose exact end is not known any more.
        const bool unused = piece.zeros && piece.end() >= scanner_->limit();
        if (!unused) countDamage(piece.bytes);
        return std::nullopt;
    }
    const RecordHeader& header = *piece.header;
    const bool counts = header.type == RecordType::kCounts;
    const bool wanted = counts ? header.first > from_.value && header.first >= next_.value
                               : header.after() > next_.value;
    if (!wanted) return std::nullopt;

    JournalRecord record{.type = header.type, .first = {header.first}};
    if (counts) {
        record.batch.received_at = utcFromMicros(header.received_at_us);
        record.batch.rejected_count = header.rejected;
        return record;
    }
    Result<EventBatch> batch = decodeRecord(header, piece.record);
    if (!batch) {
        countDamage(piece.bytes);
        return std::nullopt;
    }
    record.batch = std::move(*batch);
    record.missing = std::max(header.first, next_.value) - next_.value;
    next_ = {header.after()};
    return record;
}

void JournalReader::countDamage(std::uint64_t bytes) {
    damage_.bytes += bytes;
    ++damage_.places;
    damaged_bytes_.Increment(static_cast<double>(bytes));
}

}  // namespace footfall
