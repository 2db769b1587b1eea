#include "report/terminal_parts.h"

#include <fmt/format.h>

#include "report/text_layout.h"

namespace footfall {

const Signs& signsOf(TextStyle style) {
    static constexpr Signs kUnicode{.arrow = "→", .dash = "–", .better = "▲", .worse = "▼"};
    static constexpr Signs kAscii{.arrow = ">", .dash = "-", .better = "^", .worse = "v"};
    return style == TextStyle::kAscii ? kAscii : kUnicode;
}

TextStyle styleOf(const TableOptions& options) {
    return options.ascii ? TextStyle::kAscii : TextStyle::kUnicode;
}

std::string numberText(const std::optional<double>& value, int decimals) {
    return value ? fmt::format("{:.{}f}", *value, decimals) : "-";
}

std::string percentText(const std::optional<double>& percent, int decimals) {
    return percent ? numberText(percent, decimals) + " %" : "-";
}

std::string footer(const std::vector<std::string>& notes, const TableOptions& options,
                   std::string_view more) {
    std::string text = "\n";
    for (const std::string& note : notes) text += wrapped(note, options.columns, 2) + "\n";
    if (!options.source.empty())
        text += wrapped("Source: " + options.source, options.columns, 2) + "\n";
    return text + fmt::format("More: {}\n", more);
}

}  // namespace footfall
