#include "database/packed_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "event/event_id.h"

namespace footfall {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kHalfLetters = 10;  // of 6 bits: 60 of 64
constexpr std::size_t kUuidLength = 36;
constexpr std::uint64_t kNoLetter = 64;

constexpr std::array<std::uint8_t, 256> kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoLetter);
    for (std::size_t i = 0; i < kLetters.size(); ++i)
        values[static_cast<std::uint8_t>(kLetters[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

bool isUuid(EventId id) {
    return id.low >> 62 == 2;
}

std::optional<PackedText> packedUuid(std::string_view text) {
    const std::optional<EventId> id = parseUuid(text);
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'F'; };
    if (!id || !isUuid(*id) || std::ranges::any_of(text, is_upper)) return std::nullopt;
    return PackedText{.high = id->high, .low = id->low};
}

// The bits of up to ten letters; `seen` gets every value's bits.
std::uint64_t bitsOf(std::string_view letters, std::uint64_t& seen) {
    std::uint64_t bits = 0;
    for (const char letter : letters) {
        const std::uint64_t value = kValues[static_cast<std::uint8_t>(letter)];
        seen |= value;
        bits = bits << 6 | value;
    }
    return bits;
}

}  // namespace

std::optional<PackedText> packedText(std::string_view text) {
    if (text.size() == kUuidLength) return packedUuid(text);
    if (text.empty() || text.size() > 2 * kHalfLetters) return std::nullopt;
    const std::size_t first = text.size() - std::min(text.size(), kHalfLetters);
    std::uint64_t seen = 0;
    const std::uint64_t high = bitsOf(text.substr(0, first), seen);
    const std::uint64_t low = bitsOf(text.substr(first), seen);
    if (seen >= kNoLetter) return std::nullopt;
    return PackedText{.high = high | std::uint64_t{text.size() % 16} << 60,
                      .low = low | std::uint64_t{text.size() / 16} << 60};
}

std::string textOf(PackedText packed) {
    const EventId id{.high = packed.high, .low = packed.low};
    if (isUuid(id)) return toString(id);
    const std::size_t size =
        std::min((packed.high >> 60) + 16 * (packed.low >> 60), 2 * kHalfLetters);
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i) {
        std::uint64_t& half = i < kHalfLetters ? packed.low : packed.high;
        text[size - 1 - i] = kLetters[half & 63];
        half >>= 6;
    }
    return text;
}

}  // namespace footfall
