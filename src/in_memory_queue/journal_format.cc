#include "in_memory_queue/journal_format.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "event/event_batch_codec.h"
#include "support/check.h"
#include "support/crc32c.h"

namespace footfall {
namespace {

constexpr std::size_t kHeaderBytes = sizeof(RecordHeader);

template <class T>
std::span<const std::byte> bytesOf(const T& value) {
    return std::as_bytes(std::span(&value, 1));
}

std::uint32_t checksum(const SegmentHeader& header) {
    return crc32c(bytesOf(header).first(offsetof(SegmentHeader, crc)));
}

std::uint32_t checksum(const RecordHeader& header, SegmentKey key) {
    return crc32c(bytesOf(header).subspan(sizeof header.crc), key.seed);
}

constexpr std::size_t padded(std::size_t bytes) {
    return (bytes + kRecordAlignment - 1) / kRecordAlignment * kRecordAlignment;
}

}  // namespace

SegmentKey SegmentKey::of(std::uint64_t id, std::uint64_t salt) {
    return {crc32c(bytesOf(salt), crc32c(bytesOf(id)))};
}

void writeSegmentHeader(SegmentHeader header, std::span<std::byte, kRecordsBegin> out) {
    header.magic = SegmentHeader::kMagic;
    header.version = kJournalVersion;
    header.crc = checksum(header);
    std::memcpy(out.data(), &header, sizeof header);
    std::memcpy(out.data() + sizeof header, &header, sizeof header);
}

Result<SegmentHeader> readSegmentHeader(std::span<const std::byte> bytes) {
    for (; bytes.size() >= sizeof(SegmentHeader); bytes = bytes.subspan(sizeof(SegmentHeader))) {
        SegmentHeader header;
        std::memcpy(&header, bytes.data(), sizeof header);
        if (header.magic != SegmentHeader::kMagic || header.crc != checksum(header)) continue;
        if (header.version != kJournalVersion)
            return fail(Code::kInvalidArgument,
                        fmt::format("the journal has format version {}, this program reads {}; "
                                    "start the version that wrote it",
                                    header.version, kJournalVersion));
        return header;
    }
    return fail(Code::kMalformed, "both copies of a segment's header are damaged");
}

EncodedRecord::EncodedRecord(std::size_t capacity)
    : bytes_(std::make_unique_for_overwrite<std::byte[]>(capacity)) {}

Result<EncodedRecord> EncodedRecord::ofEvents(const EventBatch& batch) {
    std::size_t text_bytes = 0;
    for (const TextColumn& column : batch.texts.all()) text_bytes += column.entries.bytes();
    const std::size_t bytes_max = kHeaderBytes + encodedBytesMax(batch) + kRecordAlignment;
    if (text_bytes > kBatchTextBytesMax || bytes_max > kRecordBytesMax)
        return fail(Code::kTooLarge, fmt::format("{} events with {} bytes of text are too much for "
                                                 "one record",
                                                 batch.size(), text_bytes));
    EncodedRecord record(bytes_max);
    const std::size_t payload_bytes =
        encodeEventBatch(batch, {record.bytes_.get() + kHeaderBytes, bytes_max - kHeaderBytes});
    record.finish({.type = RecordType::kEvents,
                   .count = static_cast<std::uint32_t>(batch.size()),
                   .received_at_us = microsSinceEpoch(batch.received_at),
                   .rejected = batch.rejected_count,
                   .assigned_ids = batch.assigned_id_count,
                   .late = batch.late_count},
                  payload_bytes);
    return record;
}

EncodedRecord EncodedRecord::ofCounts(std::uint32_t rejected, UtcTime received_at) {
    EncodedRecord record(kHeaderBytes);
    record.finish({.type = RecordType::kCounts,
                   .received_at_us = microsSinceEpoch(received_at),
                   .rejected = rejected},
                  0);
    return record;
}

EncodedRecord EncodedRecord::ofClose(UtcTime now) {
    EncodedRecord record(kHeaderBytes);
    record.finish({.type = RecordType::kClose, .received_at_us = microsSinceEpoch(now)}, 0);
    return record;
}

EncodedRecord EncodedRecord::copyOf(std::span<const std::byte> bytes) {
    EncodedRecord record(bytes.size());
    std::memcpy(record.bytes_.get(), bytes.data(), bytes.size());
    record.size_ = bytes.size();
    return record;
}

RecordHeader EncodedRecord::header() const {
    RecordHeader header;
    std::memcpy(&header, bytes_.get(), sizeof header);
    return header;
}

void EncodedRecord::finish(RecordHeader header, std::size_t payload_bytes) {
    size_ = padded(kHeaderBytes + payload_bytes);
    std::fill(bytes_.get() + kHeaderBytes + payload_bytes, bytes_.get() + size_, std::byte{0});
    header.bytes = static_cast<std::uint32_t>(size_);
    header.payload_crc = crc32c(bytes().subspan(kHeaderBytes));
    std::memcpy(bytes_.get(), &header, sizeof header);
}

void sealRecord(std::span<std::byte> record, RecordPlace place) {
    CHECK(record.size() >= kHeaderBytes, "a record has a header");
    RecordHeader header;
    std::memcpy(&header, record.data(), sizeof header);
    header.first = place.first;
    header.durable = place.durable;
    header.ordinal = place.ordinal;
    header.crc = checksum(header, place.key);
    std::memcpy(record.data(), &header, sizeof header);
}

std::optional<RecordHeader> readRecordHeader(std::span<const std::byte> bytes, SegmentKey key,
                                             std::uint64_t room) {
    if (bytes.size() < kHeaderBytes) return std::nullopt;
    RecordHeader header;
    std::memcpy(&header, bytes.data(), sizeof header);
    // Cheap first: a search for the next record asks this at every eighth byte.
    const bool plausible = header.bytes >= kHeaderBytes && header.bytes % kRecordAlignment == 0 &&
                           header.bytes <= kRecordBytesMax && header.bytes <= room &&
                           header.type >= RecordType::kEvents &&
                           header.type <= RecordType::kClose && header.flags == 0 &&
                           (header.type == RecordType::kEvents) == (header.count > 0);
    if (!plausible || header.crc != checksum(header, key)) return std::nullopt;
    return header;
}

bool isIntact(const RecordHeader& header, std::span<const std::byte> record) {
    return header.payload_crc == crc32c(record.subspan(kHeaderBytes));
}

Result<EventBatch> decodeRecord(const RecordHeader& header, std::span<const std::byte> record) {
    Result<EventBatch> batch = decodeEventBatch(record.subspan(kHeaderBytes), header.count);
    if (!batch) return batch;
    batch->received_at = utcFromMicros(header.received_at_us);
    batch->rejected_count = header.rejected;
    batch->assigned_id_count = header.assigned_ids;
    batch->late_count = header.late;
    return batch;
}

}  // namespace footfall
