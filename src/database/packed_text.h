#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace footfall {

// PackedText: a short text as the 128 bits of a UUID, which the database stores and compares as a
// number. Two texts never have the same bits; a text that has none must be kept as it is.
// Shape: digit 17 of the UUID's 32 hex digits tells three forms apart. What is packed is
// right-aligned, so that ids which differ at their end differ little as numbers.
//   8, 9, a or b: a UUID in lower case, of RFC 9562's variant, which is itself.
//   2: a text that ends in 12 to 28 hex digits in lower case, after up to 6 ASCII characters:
//   "sess_" and 16 digits, a Unix time. Digit 1 counts the characters, 2 and 3 the hex digits; from
//   4 on stand the characters, 8 bits each; the hex digits end in 32 and leave out 17.
//   0, 1: 1 to 20 letters of A-Z a-z 0-9 - _, which have 6 bits each, as in base64url: the last ten
//   in digits 18 to 32, those before in 2 to 16; digit 1 is the length modulo 16, 17 the length /
//   16.
// A text that could have two forms has the second of these.
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
