#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "support/check.h"
#include "support/copy_text.h"

namespace footfall {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

constexpr std::size_t kVarintBytesMax = 10;

// Small numbers of either sign as small ones without: 0, -1, 1, -2 become 0, 1, 2, 3.
constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// ByteWriter: writes little-endian numbers and bytes one after the other into memory of the
// caller's. Threads: one at a time.   Bounds: going beyond the memory is a bug.
class ByteWriter {
  public:
    explicit ByteWriter(std::span<std::byte> out) : out_(out) {}

    std::size_t written() const { return at_; }
    void byte(std::size_t value) { *take(1) = static_cast<std::byte>(value); }
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) byte((value & 0x7f) | 0x80);
        byte(value);
    }
    void bytes(const void* from, std::size_t count) {
        if (count > 0) std::memcpy(take(count), from, count);
    }
    void text(std::string_view text) { copyText(text, take(text.size())); }
    // `count` numbers as T, made by valueAt(index).
    template <class T, class ValueAt>
    void numbers(std::size_t count, ValueAt valueAt) {
        std::byte* to = take(count * sizeof(T));
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = static_cast<T>(valueAt(i));
            std::memcpy(to + i * sizeof(T), &value, sizeof(T));
        }
    }
    // `count` bytes, for the caller to fill.
    std::byte* take(std::size_t count) {
        CHECK(count <= out_.size() - at_, "the bound on the encoded bytes holds");
        std::byte* place = out_.data() + at_;
        at_ += count;
        return place;
    }

  private:
    std::span<std::byte> out_;
    std::size_t at_ = 0;
};

// ByteReader: takes them apart again. Never reads beyond its bytes; once something is missing,
// ok() is false for good and everything that is read is zero or empty.
// Threads: one at a time.
class ByteReader {
  public:
    explicit ByteReader(std::span<const std::byte> bytes) : left_(bytes) {}

    bool ok() const { return ok_; }
    void fail() { ok_ = false; }
    std::span<const std::byte> left() const { return left_; }

    std::span<const std::byte> bytes(std::uint64_t count) {
        if (!ok_ || count > left_.size()) {
            ok_ = false;
            return {};
        }
        const auto taken = left_.first(count);
        left_ = left_.subspan(count);
        return taken;
    }
    // `count` items of `size` bytes each, or nothing.
    std::span<const std::byte> items(std::uint64_t count, std::size_t size) {
        if (count > left_.size() / size) {
            ok_ = false;
            return {};
        }
        return bytes(count * size);
    }
    std::string_view text(std::uint64_t count) {
        const auto taken = bytes(count);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }
    std::uint8_t byte() {
        const auto taken = bytes(1);
        return taken.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(taken[0]);
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < kVarintBytesMax; ++i) {
            const std::uint64_t part = byte();
            // The tenth byte has room for one bit.
            if (i + 1 == kVarintBytesMax && part > 1) break;
            value |= (part & 0x7f) << (7 * i);
            if (part < 0x80) return value;
        }
        ok_ = false;
        return 0;
    }

  private:
    std::span<const std::byte> left_;
    bool ok_ = true;
};

// The number at `index` of numbers that stand one after the other.
template <class T>
T numberAt(std::span<const std::byte> numbers, std::size_t index) {
    T value;
    std::memcpy(&value, numbers.data() + index * sizeof(T), sizeof(T));
    return value;
}

}  // namespace footfall
