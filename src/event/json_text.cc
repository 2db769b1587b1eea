#include "event/json_text.h"

#include <fmt/format.h>

namespace footfall {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// Takes the digits at the front; false when there are none.
bool takeDigits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && isDigit(text[count])) ++count;
    text.remove_prefix(count);
    return count > 0;
}

bool takeOne(std::string_view& text, char character) {
    if (!text.starts_with(character)) return false;
    text.remove_prefix(1);
    return true;
}

// An optional minus and an integer without leading zeros.
bool takeInteger(std::string_view& text) {
    takeOne(text, '-');
    return takeOne(text, '0') || takeDigits(text);
}

// The four hex digits after "\u"; nullopt when they are none.
std::optional<unsigned> takeHex4(std::string_view& text) {
    if (text.size() < 4) return std::nullopt;
    unsigned value = 0;
    for (const char c : text.substr(0, 4)) {
        const char lower = static_cast<char>(c | 0x20);
        if (isDigit(c))
            value = value * 16 + static_cast<unsigned>(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            value = value * 16 + static_cast<unsigned>(lower - 'a' + 10);
        else
            return std::nullopt;
    }
    text.remove_prefix(4);
    return value;
}

bool isHighSurrogate(unsigned unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}
bool isLowSurrogate(unsigned unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

// What stands after a backslash. A high surrogate takes the low one behind it along.
std::optional<TextFault> takeEscape(std::string_view& text) {
    if (!takeOne(text, 'u')) {
        constexpr std::string_view kShort = "\"\\/bfnrt";
        if (text.empty() || kShort.find(text.front()) == std::string_view::npos)
            return std::nullopt;
        text.remove_prefix(1);
        return TextFault::kNone;
    }
    const std::optional<unsigned> unit = takeHex4(text);
    if (!unit) return std::nullopt;
    if (*unit == 0) return TextFault::kNul;
    if (isLowSurrogate(*unit)) return TextFault::kLoneSurrogate;
    if (!isHighSurrogate(*unit)) return TextFault::kNone;
    if (!text.starts_with("\\u")) return TextFault::kLoneSurrogate;
    std::string_view after = text.substr(2);
    const std::optional<unsigned> second = takeHex4(after);
    if (!second) return std::nullopt;
    if (!isLowSurrogate(*second)) return TextFault::kLoneSurrogate;
    text = after;
    return TextFault::kNone;
}

}  // namespace

std::optional<TextFault> checkEscapes(std::string_view between_quotes) {
    TextFault worst = TextFault::kNone;
    std::string_view rest = between_quotes;
    while (true) {
        const std::size_t backslash = rest.find('\\');
        if (backslash == std::string_view::npos) return worst;
        rest.remove_prefix(backslash + 1);
        const std::optional<TextFault> fault = takeEscape(rest);
        if (!fault) return std::nullopt;
        if (worst == TextFault::kNone) worst = *fault;
    }
}

bool isJsonNumber(std::string_view token) {
    if (!takeInteger(token)) return false;
    if (takeOne(token, '.') && !takeDigits(token)) return false;
    if (takeOne(token, 'e') || takeOne(token, 'E')) {
        if (!takeOne(token, '+')) takeOne(token, '-');
        if (!takeDigits(token)) return false;
    }
    return token.empty();
}

bool isJsonInteger(std::string_view token) {
    return takeInteger(token) && token.empty();
}

void appendJsonString(std::string_view text, std::string& out) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace footfall
