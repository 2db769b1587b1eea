#include "event/event_id.h"

#include <cstring>

#include "support/hash.h"

namespace footfall {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kUuidLength = 36;

constexpr bool isHyphenPlace(std::size_t place) {
    return place == 8 || place == 13 || place == 18 || place == 23;
}

// Value of each hex digit's byte; 255: not one.
constexpr std::array<std::uint8_t, 256> kHexValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(255);
    for (std::uint8_t digit = 0; digit < 16; ++digit) {
        const char c = kHexDigits[digit];
        values[static_cast<std::uint8_t>(c)] = digit;
        if (digit >= 10) values[static_cast<std::uint8_t>(c - 'a' + 'A')] = digit;
    }
    return values;
}();

// RFC 9562, 4.1 and 4.2: the version in the first four bits of octet 6, the variant 10 in the first
// two of octet 8.
EventId withVersion(EventId id, std::uint64_t version) {
    return {.high = (id.high & ~0xf000ULL) | (version << 12),
            .low = (id.low & ~(3ULL << 62)) | (2ULL << 62)};
}

}  // namespace

std::optional<EventId> parseUuid(std::string_view text) {
    if (text.size() != kUuidLength || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
        text[23] != '-')
        return std::nullopt;
    unsigned seen = 0;
    const auto digits = [&]<std::size_t kCount>(std::size_t at) {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < kCount; ++i) {
            const std::uint8_t value = kHexValues[static_cast<std::uint8_t>(text[at + i])];
            seen |= value;
            number = number << 4 | value;
        }
        return number;
    };
    const EventId id = {.high = digits.operator()<8>(0) << 32 | digits.operator()<4>(9) << 16 |
                                digits.operator()<4>(14),
                        .low = digits.operator()<4>(19) << 48 | digits.operator()<12>(24)};
    if (seen > 15) return std::nullopt;  // one was no digit
    return id;
}

std::string toString(EventId id) {
    std::string text(kUuidLength, '-');
    for (std::size_t place = kUuidLength; place-- > 0;) {
        if (isHyphenPlace(place)) continue;
        std::uint64_t& half = place < 19 ? id.high : id.low;
        text[place] = kHexDigits[half & 15];
        half >>= 4;
    }
    return text;
}

EventId makeUuidV7(UtcTime now, Random& random) {
    const auto ms = static_cast<std::uint64_t>(microsSinceEpoch(now) / 1000);
    return withVersion({.high = (ms << 16) | (random.next() >> 48), .low = random.next()}, 7);
}

EventIdKey::EventIdKey(std::uint64_t seed) {
    Random random(seed);
    for (std::size_t at = 0; at < secret_.size(); at += sizeof(std::uint64_t)) {
        const std::uint64_t bits = random.next();
        std::memcpy(secret_.data() + at, &bits, sizeof bits);
    }
}

EventId EventIdKey::idOf(std::string_view text) const {
    const XXH128_hash_t hash =
        XXH3_128bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
    return withVersion({.high = hash.high64, .low = hash.low64}, 8);
}

}  // namespace footfall
