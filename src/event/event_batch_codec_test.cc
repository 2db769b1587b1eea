#include "event/event_batch_codec.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "event/byte_codec.h"
#include "support/random.h"
#include "tests/fakes/random_batch.h"

namespace footfall {
namespace {

std::vector<std::byte> encoded(const EventBatch& batch) {
    std::vector<std::byte> bytes(encodedBytesMax(batch));
    bytes.resize(encodeEventBatch(batch, bytes));
    return bytes;
}

EventBatch rowsOf(EventBatch batch) {
    batch.received_at = {};
    batch.rejected_count = batch.assigned_id_count = batch.late_count = 0;
    return batch;
}

TEST(EventBatchCodec, givesBackRandomBatchesExactly) {
    for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
        const EventBatch batch = randomBatch(seed);

        const Result<EventBatch> again = decodeEventBatch(encoded(batch), batch.size());

        ASSERT_TRUE(again) << "seed " << seed << ": " << again.error().what;
        ASSERT_EQ(*again, rowsOf(batch)) << "seed " << seed;
    }
}

TEST(EventBatchCodec, givesBackDictionariesOfEveryWidth) {
    for (const std::size_t users : {1u, 255u, 256u, 65'535u, 65'536u}) {
        EventBatchBuilder builder;
        for (std::size_t i = 0; i < 2 * users + 1; ++i) {
            const std::string user = std::to_string((users - i % users) * 7);
            EventView event{.id = {.high = 0, .low = i}, .texts = {}};
            event.text(TextField::kUserId) = user;
            builder.append(event);
        }
        const EventBatch batch = builder.take();

        EXPECT_EQ(decodeEventBatch(encoded(batch), batch.size()).value(), batch);
    }
}

TEST(EventBatchCodec, givesBackTheExtremesOfEveryNumber) {
    for (const auto& values :
         std::vector<std::vector<std::int64_t>>{{INT64_MIN, INT64_MAX},
                                                {-1, 254},
                                                {-1, 255},
                                                {-1, 65'534, 65'535},
                                                {0, UINT32_MAX, 5},
                                                {0, 1LL << 32},
                                                {7, 7 + 1'000LL * UINT32_MAX, 2'007},
                                                {7, 8 + 1'000LL * UINT32_MAX},
                                                {0, 1'000LL << 32}}) {
        EventBatchBuilder builder;
        for (const std::int64_t value : values)
            builder.append({.timestamp_us = value,
                            .amount_ten_thousandths = value,
                            .quantity = value,
                            .texts = {}});
        const EventBatch batch = builder.take();

        EXPECT_EQ(decodeEventBatch(encoded(batch), batch.size()).value(), batch);
    }
}

TEST(EventBatchCodec, writesWhatAllTextsBeginWithOnce) {
    EventBatchBuilder builder;
    for (std::uint64_t i = 0; i < 100; ++i) {
        const std::string session = std::string(100, 's') + std::to_string(100 + i);
        EventView event{.texts = {}};
        event.text(TextField::kSessionId) = session;
        builder.append(event);
    }
    const EventBatch batch = builder.take();

    const std::vector<std::byte> bytes = encoded(batch);

    EXPECT_LT(bytes.size(), 100 * (20 + 3) + 200);
    EXPECT_EQ(decodeEventBatch(bytes, batch.size()).value(), batch);
}

TEST(EventBatchCodec, acceptsARecordsPaddingAndNothingElseBehindTheRows) {
    const EventBatch batch = randomBatch(1);
    std::vector<std::byte> bytes = encoded(batch);

    bytes.resize(bytes.size() + 7);
    EXPECT_TRUE(decodeEventBatch(bytes, batch.size()));
    bytes.back() = std::byte{1};
    EXPECT_FALSE(decodeEventBatch(bytes, batch.size()));
    bytes.back() = std::byte{0};
    bytes.resize(bytes.size() + 1);
    EXPECT_FALSE(decodeEventBatch(bytes, batch.size()));
}

TEST(EventBatchCodec, refusesEveryShorterPieceAndOtherCountsOfRows) {
    const EventBatch batch = randomBatch(3);
    const std::vector<std::byte> bytes = encoded(batch);

    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decodeEventBatch(std::span(bytes).first(size), batch.size()));
    EXPECT_FALSE(decodeEventBatch(bytes, 0));
    EXPECT_FALSE(decodeEventBatch(bytes, SIZE_MAX));
}

TEST(EventBatchCodec, readsAnyDamagedBytesAsABatchOrAsNone) {
    Random random(1);
    for (int i = 0; i < 20'000; ++i) {
        const EventBatch batch = randomBatch(random.below(50));
        std::vector<std::byte> bytes = encoded(batch);
        for (std::uint64_t flips = 1 + random.below(3); flips > 0; --flips)
            bytes[random.below(bytes.size())] = static_cast<std::byte>(random.next());

        const Result<EventBatch> read = decodeEventBatch(bytes, batch.size());

        if (read) {
            ASSERT_EQ(read->size(), batch.size());
            for (std::size_t row = 0; row < read->size(); ++row) std::ignore = eventAt(*read, row);
        }
    }
}

TEST(EventBatchCodec, allocatesNothingForEntriesThatASmallPrefixWouldMultiply) {
    // One column of 5,000 entries that share a prefix of 1 MiB: 5 GiB of texts in 1 MiB of bytes.
    constexpr std::size_t kRows = 5'000;
    constexpr std::size_t kPrefix = 1 << 20;
    std::vector<std::byte> bytes(kRows * 20 + kPrefix + 200);
    ByteWriter out(bytes);
    out.take(kRows * 20);
    for (int i = 0; i < 6; ++i) out.byte(0);  // three columns of numbers, all zero
    out.byte(1);                              // ascending codes, one length for all
    out.varint(kPrefix);
    out.take(kPrefix);
    out.varint(0);
    bytes.resize(out.written() + 11);

    EXPECT_EQ(decodeEventBatch(bytes, kRows).error().code, Code::kMalformed);
}

}  // namespace
}  // namespace footfall
