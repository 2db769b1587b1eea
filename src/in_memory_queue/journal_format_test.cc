#include "in_memory_queue/journal_format.h"

#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/crc32c.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/random_batch.h"

namespace footfall {
namespace {

constexpr std::uint64_t kSalt = 0x0123'4567'89ab'cdef;

std::vector<std::byte> sealed(const EncodedRecord& record, RecordPlace place) {
    std::vector<std::byte> bytes(record.bytes().begin(), record.bytes().end());
    sealRecord(bytes, place);
    return bytes;
}

// The segment of the worked example: two events of one request.
std::vector<std::byte> exampleSegment() {
    EventBatchBuilder builder;
    builder.batch().received_at = utcFromMicros(1'772'323'200'000'000);
    builder.batch().rejected_count = 1;
    for (std::uint64_t i = 0; i < 2; ++i) {
        EventView event{.id = {.high = 0x0190'f7c2'89ab'7cde, .low = 0x8f01'0000'0000'0001 + i},
                        .timestamp_us = 1'772'323'199'000'000 + static_cast<std::int64_t>(i) * 250,
                        .payload_hash = 0xccdd,
                        .texts = {}};
        event.text(TextField::kUserId) = i == 0 ? "user-7" : "user-12";
        event.text(TextField::kEventType) = "place_order";
        if (i == 1) event.text(TextField::kOrderId) = "A1";
        if (i == 1) event.amount_ten_thousandths = 49'900;
        builder.append(event);
    }
    std::vector<std::byte> bytes(kRecordsBegin);
    writeSegmentHeader({.id = 1, .salt = kSalt, .first = 1, .created_at_us = 1'772'323'200'000'000},
                       std::span(bytes).first<kRecordsBegin>());
    const EncodedRecord record = EncodedRecord::ofEvents(builder.batch()).value();
    const auto placed = sealed(record, {.key = SegmentKey::of(1, kSalt), .first = 1});
    bytes.insert(bytes.end(), placed.begin(), placed.end());
    return bytes;
}

// The bytes in the lines "offset: hex hex …  meaning" of the page.
std::vector<std::byte> bytesInTheDocument() {
    std::ifstream page(FOOTFALL_SOURCE_DIR "/docs/journal_format.md");
    std::vector<std::byte> bytes;
    for (std::string line; std::getline(page, line);) {
        if (line.find_first_not_of("0123456789") != 4 || line.substr(4, 2) != ": ") continue;
        std::istringstream words(line.substr(6, line.find("  ", 6) - 6));
        for (std::string word; words >> word;) {
            unsigned value = 0;
            std::from_chars(word.data(), word.data() + word.size(), value, 16);
            bytes.push_back(static_cast<std::byte>(value));
        }
        if (bytes.size() != sizeof(SegmentHeader)) continue;
        const std::vector<std::byte> first_copy = bytes;  // the second one is not printed
        bytes.insert(bytes.end(), first_copy.begin(), first_copy.end());
    }
    return bytes;
}

std::string hex(const std::vector<std::byte>& bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        text += fmt::format("{}{:02x}", i % 8 == 0 ? "\n" : " ", static_cast<unsigned>(bytes[i]));
    return text;
}

TEST(JournalFormat, isThatOfTheWorkedExample) {
    EXPECT_EQ(hex(bytesInTheDocument()), hex(exampleSegment()));
}

TEST(JournalFormat, givesBackASegmentHeaderFromEitherCopy) {
    const SegmentHeader header{.flags = SegmentHeader::kRecycled,
                               .id = 7,
                               .salt = kSalt,
                               .first = 100,
                               .previous_id = 6,
                               .previous_end = 4'096,
                               .durable = 99,
                               .created_at_us = 5};
    std::vector<std::byte> bytes(kRecordsBegin);
    writeSegmentHeader(header, std::span(bytes).first<kRecordsBegin>());

    for (std::size_t damaged = 0; damaged < kRecordsBegin; ++damaged) {
        std::vector<std::byte> copy = bytes;
        copy[damaged] ^= std::byte{1};
        const Result<SegmentHeader> read = readSegmentHeader(copy);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->id, 7u);
        EXPECT_EQ(read->first, 100u);
        EXPECT_EQ(read->previous_end, 4'096u);
    }
    bytes[0] = bytes[sizeof(SegmentHeader)] = std::byte{0};
    EXPECT_EQ(readSegmentHeader(bytes).error().code, Code::kMalformed);
    EXPECT_EQ(readSegmentHeader({}).error().code, Code::kMalformed);
}

TEST(JournalFormat, givesBackRandomBatchesWithTheirCounts) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const EventBatch batch = randomBatch(seed);
        const RecordPlace place{
            .key = SegmentKey::of(3, kSalt), .first = seed + 1, .durable = seed, .ordinal = 9};
        const auto bytes = sealed(EncodedRecord::ofEvents(batch).value(), place);

        const auto header = readRecordHeader(bytes, place.key, bytes.size());

        ASSERT_TRUE(header);
        EXPECT_EQ(header->bytes, bytes.size());
        EXPECT_EQ(header->first, seed + 1);
        EXPECT_EQ(header->after(), seed + 1 + batch.size());
        EXPECT_EQ(header->durable, seed);
        EXPECT_EQ(header->ordinal, 9);
        ASSERT_TRUE(isIntact(*header, bytes));
        EXPECT_EQ(decodeRecord(*header, bytes).value(), batch);
    }
}

TEST(JournalFormat, takesARecordInItsOwnSegmentOfItsOwnJournalOnly) {
    const SegmentKey key = SegmentKey::of(3, kSalt);
    const auto bytes = sealed(EncodedRecord::ofCounts(4, {}), {.key = key, .first = 1});

    EXPECT_TRUE(readRecordHeader(bytes, key, bytes.size()));
    EXPECT_FALSE(readRecordHeader(bytes, SegmentKey::of(4, kSalt), bytes.size()));
    EXPECT_FALSE(readRecordHeader(bytes, SegmentKey::of(3, kSalt + 1), bytes.size()));
}

TEST(JournalFormat, believesNoLengthBeyondTheRoomThereIs) {
    const SegmentKey key = SegmentKey::of(3, kSalt);
    const auto bytes =
        sealed(EncodedRecord::ofEvents(randomBatch(1)).value(), {.key = key, .first = 1});

    EXPECT_TRUE(readRecordHeader(bytes, key, bytes.size()));
    EXPECT_FALSE(readRecordHeader(bytes, key, bytes.size() - 1));
    EXPECT_FALSE(readRecordHeader(std::span(bytes).first(sizeof(RecordHeader) - 1), key, 1'000));
}

TEST(JournalFormat, noticesEveryFlippedBitOfARecord) {
    const SegmentKey key = SegmentKey::of(3, kSalt);
    const auto bytes =
        sealed(EncodedRecord::ofEvents(randomBatch(2)).value(), {.key = key, .first = 1});
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto damaged = bytes;
            damaged[at] ^= static_cast<std::byte>(1 << bit);
            const auto header = readRecordHeader(damaged, key, damaged.size());
            EXPECT_FALSE(header && isIntact(*header, damaged)) << at;
        }
}

TEST(JournalFormat, readsUnusedRoomAsNoRecord) {
    const std::vector<std::byte> zeros(4'096);
    EXPECT_FALSE(readRecordHeader(zeros, SegmentKey::of(1, kSalt), zeros.size()));
}

}  // namespace
}  // namespace footfall
