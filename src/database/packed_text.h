#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace footfall {

// PackedText: a short text as the 128 bits of a UUID, which the database stores and compares as a
// number. Two texts never have the same bits; a text that has none must be kept as it is.
// Shape: a UUID in lower case, of RFC 9562's variant, is itself: its 17th hex digit is 8, 9, a or
// b.
//   1 to 20 letters of A-Z a-z 0-9 - _ have 6 bits each, as in base64url, the last ten in digits 18
//   to 32, those before in digits 2 to 16, both right-aligned, so that ids which differ at their
//   end differ little as numbers; digit 1 is the length modulo 16, digit 17 the length / 16.
struct PackedText {
    std::uint64_t high;  // the first 16 hex digits
    std::uint64_t low;

    bool operator==(const PackedText&) const = default;
};

// nullopt: the text is none of these.
std::optional<PackedText> packedText(std::string_view text);
// REQUIRES: packedText() made it.
std::string textOf(PackedText packed);

}  // namespace footfall
