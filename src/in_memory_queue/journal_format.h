#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "event/event_batch.h"
#include "event/sequence.h"
#include "support/clock.h"
#include "support/result.h"

namespace footfall {

// The bytes of the journal: headers and their checksums. docs/journal_format.md has the grammar, a
// worked example and the reasons. Little-endian; records begin at multiples of 8.

constexpr std::uint16_t kJournalVersion = 2;
constexpr std::size_t kRecordAlignment = 8;
// Over what any request can encode to; a length beyond it is damage.
constexpr std::size_t kRecordBytesMax = 96 << 20;

// The head of a segment file, as it stands there. Twice, so that one bad place does not cost a
// whole segment.
struct SegmentHeader {
    static constexpr std::uint64_t kMagic = 0x4c4c'4146'544f'4f46;  // "FOOTFALL"
    static constexpr std::uint16_t kRecycled =
        1;  // bytes of an older segment may follow the records
    static constexpr std::uint16_t kSalvaged = 2;  // written by recovery; ends with its last record

    std::uint64_t magic = kMagic;
    std::uint16_t version = kJournalVersion;
    std::uint16_t flags = 0;
    std::uint32_t reserved = 0;
    std::uint64_t id = 0;            // 1, 2, …; never used twice
    std::uint64_t salt = 0;          // of the journal, drawn at random, part of every checksum
    std::uint64_t first = 0;         // number of the first event that it holds or is going to
    std::uint64_t previous_id = 0;   // 0: there was none
    std::uint64_t previous_end = 0;  // where the records of the previous one end
    std::uint64_t durable = 0;       // highest number known durable when this was written
    std::int64_t created_at_us = 0;  // UTC
    std::uint32_t reserved_too = 0;
    std::uint32_t crc = 0;  // CRC-32C of the bytes before it
};
static_assert(sizeof(SegmentHeader) == 80);
constexpr std::size_t kRecordsBegin = 2 * sizeof(SegmentHeader);

enum class RecordType : std::uint8_t {
    kNone = 0,    // what unused room reads as; never written
    kEvents = 1,  // the events of one request
    kCounts = 2,  // a request without a valid event: its rejected count alone
    kClose = 3,   // nothing was in flight when the journal was closed
};

// The head of a record, as it stands there. The payload follows, then zeros up to `bytes`.
struct RecordHeader {
    std::uint32_t crc = 0;    // CRC-32C of segment id, salt and the rest of this header
    std::uint32_t bytes = 0;  // header, payload and padding; a multiple of 8
    RecordType type = RecordType::kNone;
    std::uint8_t flags = 0;     // room for compression
    std::uint16_t ordinal = 0;  // of the record in its segment, mod 2^16
    std::uint32_t count = 0;    // of events
    std::uint64_t first = 0;    // number of the first event; without events: of the next to come
    std::uint64_t durable = 0;  // highest number known durable when this was written
    std::int64_t received_at_us = 0;
    std::uint32_t rejected = 0;
    std::uint32_t assigned_ids = 0;
    std::uint32_t late = 0;
    std::uint32_t payload_crc = 0;  // CRC-32C of all bytes behind the header

    std::uint64_t after() const { return first + count; }  // number of the next event
};
static_assert(sizeof(RecordHeader) == 56 && sizeof(RecordHeader) % kRecordAlignment == 0);

// What checksums of a segment's records start from: stale bytes of an earlier life of the file, of
// another segment or of another journal never pass, nor do bytes that a client made up, because
// the salt is known to nobody outside.
struct SegmentKey {
    std::uint32_t seed = 0;
    static SegmentKey of(std::uint64_t id, std::uint64_t salt);
};

// Fills in magic, version and checksum, and writes both copies.
void writeSegmentHeader(SegmentHeader header, std::span<std::byte, kRecordsBegin> out);
// The first intact copy. Errors: kMalformed: there is none | kInvalidArgument: the format is newer.
[[nodiscard]] Result<SegmentHeader> readSegmentHeader(std::span<const std::byte> bytes);

// EncodedRecord: a record whose numbers and place are still open; made in the thread of the request
// so that the journal's leader only copies it.
// Threads: a value.   Bounds: at most kRecordBytesMax.
class EncodedRecord {
  public:
    // Errors: kTooLarge.   REQUIRES: the batch is not empty.
    [[nodiscard]] static Result<EncodedRecord> ofEvents(const EventBatch& batch);
    static EncodedRecord ofCounts(std::uint32_t rejected, UtcTime received_at);
    static EncodedRecord ofClose(UtcTime now);
    // REQUIRES: `bytes` passed readRecordHeader() and isIntact().
    static EncodedRecord copyOf(std::span<const std::byte> bytes);

    // Header included.
    std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }
    RecordHeader header() const;

  private:
    EncodedRecord(std::size_t capacity);
    void finish(RecordHeader header, std::size_t payload_bytes);

    std::unique_ptr<std::byte[]> bytes_;  // not a vector: nothing is zeroed that is written over
    std::size_t size_ = 0;
};

// Where a record goes and what it is told there.
struct RecordPlace {
    SegmentKey key;
    std::uint64_t first = 0;
    std::uint64_t durable = 0;
    std::uint16_t ordinal = 0;
};
// Completes the header of a record that was copied to its place.
void sealRecord(std::span<std::byte> record, RecordPlace place);

// The header at the front of `bytes`, when it is intact and a record of its length can be followed
// by the `room` bytes there are (from the header's first byte to the end of the segment).
std::optional<RecordHeader> readRecordHeader(std::span<const std::byte> bytes, SegmentKey key,
                                             std::uint64_t room);
// Whether the payload is the one that the header was written with.
// REQUIRES: header is that of `record`, which has header.bytes bytes.
bool isIntact(const RecordHeader& header, std::span<const std::byte> record);

// The batch of an intact record of events. Errors: kMalformed: written by other code than this.
[[nodiscard]] Result<EventBatch> decodeRecord(const RecordHeader& header,
                                              std::span<const std::byte> record);

}  // namespace footfall
