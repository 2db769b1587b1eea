#include "event/event_batch_codec.h"

#include <algorithm>
#include <type_traits>

#include "event/byte_codec.h"
#include "event/text_column_codec.h"
#include "support/check.h"

namespace footfall {
namespace {

static_assert(sizeof(EventId) == 16 && std::is_trivially_copyable_v<EventId>,
              "ids are copied as they are");
// Every row has an id and a hash of its own, whatever else it has.
constexpr std::size_t kRowBytesMin = sizeof(EventId) + sizeof(PayloadHash);

constexpr std::uint64_t kMilliseconds = 1'000;

// Each number as its distance from the smallest, in as few bytes as the largest needs. Times that
// clients send in milliseconds are counted in those: four bytes then reach 49 days.
void encodeIntegers(const std::vector<std::int64_t>& values, ByteWriter& out) {
    const auto [least, greatest] = std::ranges::minmax(values);
    const auto base = static_cast<std::uint64_t>(least);
    const auto distance = [&](std::size_t i) {
        return static_cast<std::uint64_t>(values[i]) - base;
    };
    const std::uint64_t range = static_cast<std::uint64_t>(greatest) - base;
    const auto whole = [&](std::int64_t value) {
        return (static_cast<std::uint64_t>(value) - base) % kMilliseconds == 0;
    };
    const bool in_milliseconds = range > UINT32_MAX && range / kMilliseconds <= UINT32_MAX &&
                                 std::ranges::all_of(values, whole);
    const std::size_t width = range == 0                               ? 0
                              : range <= UINT8_MAX                     ? 1
                              : range <= UINT16_MAX                    ? 2
                              : range <= UINT32_MAX || in_milliseconds ? 4
                                                                       : 8;
    out.byte(width | (in_milliseconds ? 16u : 0u));
    out.varint(zigzag(least));
    if (width == 1) out.numbers<std::uint8_t>(values.size(), distance);
    if (width == 2) out.numbers<std::uint16_t>(values.size(), distance);
    if (width == 4 && !in_milliseconds) out.numbers<std::uint32_t>(values.size(), distance);
    if (in_milliseconds)
        out.numbers<std::uint32_t>(values.size(),
                                   [&](std::size_t i) { return distance(i) / kMilliseconds; });
    if (width == 8) out.numbers<std::uint64_t>(values.size(), distance);
}

std::vector<std::int64_t> decodeIntegers(std::size_t rows, ByteReader& in) {
    const std::uint8_t form = in.byte();
    const std::size_t width = form & 15;
    const std::uint64_t unit = form >> 4 == 0 ? 1 : kMilliseconds;
    if (form >> 4 > 1 || (width != 0 && width != 1 && width != 2 && width != 4 && width != 8))
        in.fail();
    const auto base = static_cast<std::uint64_t>(unzigzag(in.varint()));
    const auto numbers = width == 0 ? std::span<const std::byte>() : in.items(rows, width);
    std::vector<std::int64_t> values;
    if (!in.ok()) return values;

    values.resize(rows, static_cast<std::int64_t>(base));
    const auto read = [&]<class T>(T) {
        for (std::size_t i = 0; i < rows; ++i)
            values[i] = static_cast<std::int64_t>(base + unit * numberAt<T>(numbers, i));
    };
    if (width == 1) read(std::uint8_t{});
    if (width == 2) read(std::uint16_t{});
    if (width == 4) read(std::uint32_t{});
    if (width == 8) read(std::uint64_t{});
    return values;
}

template <class T>
std::vector<T> decodeWhole(std::size_t rows, ByteReader& in) {
    const auto bytes = in.items(rows, sizeof(T));
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

bool isPadding(std::span<const std::byte> bytes) {
    return bytes.size() < 8 &&
           std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

std::size_t encodedBytesMax(const EventBatch& batch) {
    const std::size_t integers = 1 + kVarintBytesMax + batch.size() * sizeof(std::int64_t);
    std::size_t bytes = batch.size() * kRowBytesMin + 3 * integers;
    for (const TextColumn& column : batch.texts.all()) bytes += encodedBytesMax(column);
    return bytes;
}

std::size_t encodeEventBatch(const EventBatch& batch, std::span<std::byte> out) {
    CHECK(!batch.empty(), "a record of events has events");
    ByteWriter writer(out);
    writer.bytes(batch.ids.data(), batch.size() * sizeof(EventId));
    writer.bytes(batch.payload_hashes.data(), batch.size() * sizeof(PayloadHash));
    encodeIntegers(batch.timestamps_us, writer);
    encodeIntegers(batch.amounts_ten_thousandths, writer);
    encodeIntegers(batch.quantities, writer);
    for (const TextColumn& column : batch.texts.all())
        encodeTextColumn(column, batch.size(), writer);
    return writer.written();
}

Result<EventBatch> decodeEventBatch(std::span<const std::byte> bytes, std::size_t rows) {
    if (rows == 0 || rows > bytes.size() / kRowBytesMin)
        return fail(Code::kMalformed, "a batch has other than the rows that its bytes are for");
    ByteReader in(bytes);
    EventBatch batch;
    batch.ids = decodeWhole<EventId>(rows, in);
    batch.payload_hashes = decodeWhole<PayloadHash>(rows, in);
    batch.timestamps_us = decodeIntegers(rows, in);
    batch.amounts_ten_thousandths = decodeIntegers(rows, in);
    batch.quantities = decodeIntegers(rows, in);
    std::size_t text_bytes_left = kBatchTextBytesMax;
    for (TextColumn& column : batch.texts.all())
        column = decodeTextColumn(rows, text_bytes_left, in);
    if (!in.ok() || !isPadding(in.left()))
        return fail(Code::kMalformed, "the bytes of a batch are not what a batch is made of");
    return batch;
}

}  // namespace footfall
