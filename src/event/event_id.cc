#include "event/event_id.h"

#include <cstring>

#include "support/hash.h"
#include "support/hex_digits.h"

namespace footfall {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kUuidLength = 36;

constexpr bool isHyphenPlace(std::size_t place) {
    return place == 8 || place == 13 || place == 18 || place == 23;
}

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
    const char* const at = text.data();
    const std::array<HexDigits, 4> digits = {HexDigits(at), HexDigits(at + 9, at + 14),
                                             HexDigits(at + 19, at + 24), HexDigits(at + 28)};
    bool all = true;
    for (const HexDigits& eight : digits) all &= eight.all();
    if (!all) return std::nullopt;
    const auto joined = [](HexDigits high, HexDigits low) {
        return std::uint64_t{high.number()} << 32 | low.number();
    };
    return EventId{.high = joined(digits[0], digits[1]), .low = joined(digits[2], digits[3])};
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
