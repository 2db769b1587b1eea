#include "database/packed_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "event/event_id.h"
#include "support/hex_digits.h"

namespace footfall {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kHalfLetters = 10;  // of 6 bits: 60 of 64
constexpr std::size_t kUuidLength = 36;
constexpr std::uint64_t kNoLetter = 64;

// Of texts that end in hex digits. Fewer than 12 are also found at the end of other random ids,
// which then would differ in their form, and as numbers therefore in all their bits.
constexpr std::size_t kDigitsMin = 12;
constexpr std::size_t kLowDigits = 15;   // the last of them, which stand behind the form
constexpr std::size_t kHighDigits = 13;  // for the others, and for two a character
constexpr std::uint64_t kLowDigitsMask = (std::uint64_t{1} << 4 * kLowDigits) - 1;
constexpr std::size_t kCharactersMax = kLowDigits + kHighDigits + kHighDigits / 2;
constexpr std::uint64_t kEndsInDigits = 2;
constexpr std::string_view kHexDigits = "0123456789abcdef";

// By character: its place among `letters`, or `none`.
constexpr std::array<std::uint8_t, 256> placesOf(std::string_view letters, std::uint8_t none) {
    std::array<std::uint8_t, 256> places{};
    places.fill(none);
    for (std::size_t i = 0; i < letters.size(); ++i)
        places[static_cast<std::uint8_t>(letters[i])] = static_cast<std::uint8_t>(i);
    return places;
}
constexpr auto kValues = placesOf(kLetters, kNoLetter);

bool isUuid(EventId id) {
    return id.low >> 62 == 2;
}

std::optional<PackedText> packedUuid(std::string_view text) {
    const std::optional<EventId> id = parseUuid(text);
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'F'; };
    if (!id || !isUuid(*id) || std::ranges::any_of(text, is_upper)) return std::nullopt;
    return PackedText{.high = id->high, .low = id->low};
}

struct DigitsAtEnd {
    __extension__ using Number = unsigned __int128;
    static constexpr std::size_t kCountMax = 2 * sizeof(Number);

    std::size_t count = 0;
    Number number = 0;
};

// REQUIRES: no fewer than eight characters.
DigitsAtEnd digitsAtEnd(std::string_view text) {
    constexpr std::size_t kAtOnce = HexDigits::kCount;
    DigitsAtEnd found;
    std::size_t left = text.size();
    while (left > 0 && found.count < DigitsAtEnd::kCountMax) {
        const std::size_t fresh = std::min(left, kAtOnce);
        const std::size_t known = kAtOnce - fresh;  // of the eight, which begin no further in front
        const HexDigits eight(text.data() + left - fresh);
        const std::size_t more = eight.lowerAtEnd() - known;
        const std::uint64_t mask = (std::uint64_t{1} << 4 * more) - 1;
        found.number |= DigitsAtEnd::Number{eight.number() >> 4 * known & mask} << 4 * found.count;
        found.count += more;
        left -= fresh;
        if (more < fresh) break;
    }
    return found;
}

std::optional<PackedText> packedDigits(std::string_view text) {
    if (text.size() < kDigitsMin || text.size() > kCharactersMax) return std::nullopt;
    const auto [digits, number] = digitsAtEnd(text);
    if (digits < kDigitsMin) return std::nullopt;
    const std::size_t high_digits = digits - std::min(digits, kLowDigits);
    const std::string_view before = text.substr(0, text.size() - digits);
    if (2 * before.size() + high_digits > kHighDigits) return std::nullopt;
    std::uint64_t characters = 0;
    for (const char c : before) {
        if (c < ' ' || c > '~') return std::nullopt;
        characters = characters << 8 | static_cast<std::uint8_t>(c);
    }
    return PackedText{
        .high = std::uint64_t{before.size()} << 60 | std::uint64_t{digits} << 52 |
                characters << 4 * (kHighDigits - 2 * before.size()) |
                static_cast<std::uint64_t>(number >> 4 * kLowDigits),
        .low = kEndsInDigits << 60 | (static_cast<std::uint64_t>(number) & kLowDigitsMask)};
}

std::string textOfDigits(PackedText packed) {
    const std::size_t before = packed.high >> 60;
    const std::size_t size = before + (packed.high >> 52 & 0xff);
    std::string text(size, ' ');
    for (std::size_t i = 0; i < before; ++i)
        text[i] = static_cast<char>(packed.high >> (4 * kHighDigits - 8 * (i + 1)) & 0xff);
    for (std::size_t i = 0; i < size - before; ++i) {
        std::uint64_t& half = i < kLowDigits ? packed.low : packed.high;
        text[size - 1 - i] = kHexDigits[half & 15];
        half >>= 4;
    }
    return text;
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
    if (const auto packed = packedDigits(text)) return packed;
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
    if (packed.low >> 60 == kEndsInDigits) return textOfDigits(packed);
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
