#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace footfall {

// HexDigits: eight characters looked at together as hex digits, since one by one they cost more
// than what is done with their number.
// Threads: a value.   How: eight bytes of one word; each test leaves its answer in the byte's
// highest bit, and no sum reaches the next byte.
class HexDigits {
  public:
    static constexpr unsigned kCount = 8;

    // The characters from `text` on.
    explicit HexDigits(const char* text) : HexDigits(text, text + kCount / 2) {}
    // Four from each.
    HexDigits(const char* first, const char* second) {
        static_assert(std::endian::native == std::endian::little);
        std::uint32_t half = 0;
        std::memcpy(&half, first, sizeof half);
        std::uint32_t other_half = 0;
        std::memcpy(&other_half, second, sizeof other_half);
        bytes_ = half | std::uint64_t{other_half} << 32;
    }

    // All are digits, in lower or upper case.
    bool all() const { return (decimal() | letters(bytes_ | kCaseBits)) == kHighBits; }
    // How many at the end are digits in lower case.
    unsigned lowerAtEnd() const {
        const std::uint64_t others = (decimal() | letters(bytes_)) ^ kHighBits;
        return static_cast<unsigned>(std::countl_zero(others)) / 8;
    }
    // What they say, the first digit the highest. A character that is no digit spoils its own four
    // bits and no others.
    std::uint32_t number() const {
        const std::uint64_t is_letter = bytes_ >> 6 & kEach;
        std::uint64_t digits = ((bytes_ & 0x0f * kEach) + 9 * is_letter) & 0x0f * kEach;
        digits = (digits << 4 | digits >> 8) & 0x00ff00ff00ff00ffULL;
        digits = (digits << 8 | digits >> 16) & 0x0000ffff0000ffffULL;
        return static_cast<std::uint32_t>(digits << 16 | digits >> 32);
    }

  private:
    static constexpr std::uint64_t kEach = 0x0101010101010101ULL;
    static constexpr std::uint64_t kHighBits = 0x80 * kEach;
    static constexpr std::uint64_t kCaseBits = ('a' ^ 'A') * kEach;

    // The high bit of each byte between two ASCII characters.
    static constexpr std::uint64_t between(std::uint64_t bytes, std::uint64_t first,
                                           std::uint64_t last) {
        const std::uint64_t low = bytes & ~kHighBits;
        return (low + (0x80 - first) * kEach) & ~(low + (0x7f - last) * kEach) & ~bytes & kHighBits;
    }
    std::uint64_t decimal() const { return between(bytes_, '0', '9'); }
    static std::uint64_t letters(std::uint64_t bytes) { return between(bytes, 'a', 'f'); }

    std::uint64_t bytes_;
};

}  // namespace footfall
