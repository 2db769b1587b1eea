#include "in_memory_queue/segment_maker.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/crash_point.h"

namespace footfall {

Error journalFatal(const Error& error) {
    return {.code = Code::kFatal,
            .what = fmt::format("the journal cannot go on: {}; what reached the disk is found out "
                                "by starting again",
                                error.what)};
}

SegmentMaker::SegmentMaker(const JournalOptions& options, FileSystem& files, const Clock& clock,
                           JournalSegments& segments)
    : options_(options), files_(files), clock_(clock), segments_(segments) {}

Result<CreatedSegment> SegmentMaker::make(SegmentHeader header, std::size_t room) {
    const std::uint64_t bytes =
        std::max<std::uint64_t>(options_.segment_bytes, kRecordsBegin + room);
    // What is kept beyond need goes before anything is refused: here, and for a full disk.
    while (!hasRoom(bytes))
        if (!segments_.giveUpOldest())
            return fail(Code::kQueueFull,
                        fmt::format("the journal holds {} bytes, {} are its limit",
                                    segments_.bytes(), options_.bytes_max));
    Result<Draft> draft = this->draft(header.id, bytes);
    while (!draft && draft.error().code == Code::kUnavailable && segments_.giveUpOldest())
        draft = this->draft(header.id, bytes);
    if (!draft) return std::unexpected(std::move(draft.error()));
    return fill(std::move(*draft), header, {});
}

bool SegmentMaker::hasRoom(std::uint64_t bytes) const {
    // Without growing: a spare file is counted already.
    if (segments_.hasSpare() && bytes == options_.segment_bytes) return true;
    return bytes <= options_.bytes_max - std::min(options_.bytes_max, segments_.bytes());
}

Result<CreatedSegment> SegmentMaker::makeWith(SegmentHeader header,
                                              std::span<const std::byte> records) {
    Result<Draft> draft = this->draft(
        header.id, std::max<std::uint64_t>(options_.segment_bytes, kRecordsBegin + records.size()));
    if (!draft) return std::unexpected(std::move(draft.error()));
    return fill(std::move(*draft), header, records);
}

Result<CreatedSegment> SegmentMaker::fill(Draft draft, SegmentHeader header,
                                          std::span<const std::byte> records) {
    crashPoint("journal.after_segment_create");
    if (draft.recycled) header.flags |= SegmentHeader::kRecycled;
    header.created_at_us = microsSinceEpoch(clock_.utcNow());
    std::vector<std::byte> head(kRecordsBegin);
    writeSegmentHeader(header, std::span(head).first<kRecordsBegin>());
    head.insert(head.end(), records.begin(), records.end());
    if (Result<void> written = draft.file->writeAt(0, head); !written) {
        draft.file.reset();
        std::ignore = files_.remove(draft.path);
        return std::unexpected(written.error());
    }
    crashPoint("journal.after_segment_header");
    return publish(std::move(draft), header, head.size());
}

Result<SegmentMaker::Draft> SegmentMaker::draft(std::uint64_t id, std::uint64_t bytes) {
    if (bytes == options_.segment_bytes) {
        if (const auto spare = segments_.takeSpare()) {
            const std::string path = sparePath(options_.folder, spare->id);
            auto file = files_.open(path, OpenMode::kReadWrite);
            if (!file) return std::unexpected(file.error());
            return Draft{path, std::move(*file), spare->bytes, true};
        }
    }
    const std::string path = segmentPath(options_.folder, id) + std::string(kNewSuffix);
    auto file = files_.open(path, OpenMode::kCreate);
    if (!file) return std::unexpected(file.error());
    if (Result<void> room = (*file)->preallocate(bytes); !room) {
        file->reset();
        std::ignore = files_.remove(path);
        return std::unexpected(room.error());
    }
    return Draft{path, std::move(*file), bytes, false};
}

Result<CreatedSegment> SegmentMaker::publish(Draft draft, const SegmentHeader& header,
                                             std::uint64_t end) {
    const std::string path = segmentPath(options_.folder, header.id);
    if (Result<void> synced = draft.file->syncData(); !synced)
        return std::unexpected(journalFatal(synced.error()));
    crashPoint("journal.after_segment_sync");
    if (Result<void> renamed = files_.rename(draft.path, path); !renamed)
        return std::unexpected(journalFatal(renamed.error()));
    crashPoint("journal.after_segment_rename");
    if (Result<void> synced = files_.syncDirectory(options_.folder); !synced)
        return std::unexpected(journalFatal(synced.error()));
    crashPoint("journal.after_segment_directory_sync");

    auto segment = std::make_shared<JournalSegment>();
    segment->id = header.id;
    segment->path = path;
    segment->key = SegmentKey::of(header.id, header.salt);
    segment->first = {header.first};
    segment->file_bytes = draft.bytes;
    segment->end.store(end, std::memory_order_release);
    segments_.add(segment, utcFromMicros(header.created_at_us));
    return CreatedSegment{std::move(segment), std::move(draft.file)};
}

}  // namespace footfall
