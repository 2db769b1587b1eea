#include "report/text_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <utf8proc.h>

namespace footfall {
namespace {

struct Character {
    std::size_t bytes = 0;
    std::size_t columns = 0;
};

Character firstCharacter(std::string_view text) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t bytes =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &character);
    if (bytes <= 0) return {.bytes = 1, .columns = 1};
    return {.bytes = static_cast<std::size_t>(bytes),
            .columns = static_cast<std::size_t>(std::max(0, utf8proc_charwidth(character)))};
}

// As much of the text as fits; marks that combine with its last character belong to it.
std::string_view fitting(std::string_view text, std::size_t columns) {
    std::size_t bytes = 0;
    while (bytes < text.size()) {
        const Character next = firstCharacter(text.substr(bytes));
        if (next.columns > columns) break;
        columns -= next.columns;
        bytes += next.bytes;
    }
    return text.substr(0, bytes);
}

}  // namespace

std::size_t displayWidth(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const Character next = firstCharacter(text);
        columns += next.columns;
        text.remove_prefix(next.bytes);
    }
    return columns;
}

std::string padRight(std::string_view text, std::size_t columns, TextStyle style) {
    std::string cell(text);
    if (displayWidth(text) > columns) {
        cell = fitting(text, columns - 1);
        cell += style == TextStyle::kAscii ? "~" : "…";
    }
    return cell + std::string(columns - displayWidth(cell), ' ');
}

std::string padLeft(std::string_view text, std::size_t columns) {
    const std::size_t width = displayWidth(text);
    return std::string(columns > width ? columns - width : 0, ' ') + std::string(text);
}

std::string bar(double part, std::size_t columns, TextStyle style) {
    static constexpr std::array<std::string_view, 8> kEighths = {"",  "▏", "▎", "▍",
                                                                 "▌", "▋", "▊", "▉"};
    const double length = std::clamp(part, 0.0, 1.0) * static_cast<double>(columns);
    if (style == TextStyle::kAscii)
        return std::string(static_cast<std::size_t>(std::lround(length)), '#');
    const auto eighths = static_cast<std::size_t>(std::lround(length * 8));
    std::string text;
    for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
    return text + std::string(kEighths[eighths % 8]);
}

namespace {

// Where the first word ends. A per cent sign stays with its number.
std::size_t wordEnd(std::string_view text) {
    std::size_t space = text.find(' ');
    while (space != text.npos && text.substr(space + 1).starts_with('%'))
        space = text.find(' ', space + 1);
    return std::min(space, text.size());
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
    std::string lines;
    std::size_t used = 0;
    while (!text.empty()) {
        const std::size_t space = wordEnd(text);
        const std::string_view word = text.substr(0, space);
        const std::size_t width = displayWidth(word);
        if (used > 0 && used + 1 + width > columns) {
            lines += "\n" + std::string(indent, ' ');
            used = indent;
        } else if (!lines.empty()) {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += width;
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return lines;
}

}  // namespace footfall
