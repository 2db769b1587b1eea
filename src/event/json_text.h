#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The rules of RFC 8259 for the leaves of a JSON text. All REQUIRE valid UTF-8.
namespace footfall {

// What a well-formed JSON string may hold that no text of an event can.
enum class TextFault : std::uint8_t {
    kNone,
    kNul,            // \u0000
    kLoneSurrogate,  // half of a pair, as in "\ud83d"
};

// Checks the escapes between a string's quotes. nullopt: not well-formed.
std::optional<TextFault> checkEscapes(std::string_view between_quotes);

bool isJsonNumber(std::string_view token);
bool isJsonInteger(std::string_view token);  // digits, maybe with a minus

// Most characters are told by the first comparison.
constexpr bool isJsonSpace(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}
constexpr std::string_view trimJsonSpaces(std::string_view text) {
    while (!text.empty() && isJsonSpace(text.back())) text.remove_suffix(1);
    while (!text.empty() && isJsonSpace(text.front())) text.remove_prefix(1);
    return text;
}

// Appends `text` as a JSON string, quotes included.
void appendJsonString(std::string_view text, std::string& out);

}  // namespace footfall
