#include "report/csv_cell.h"

namespace footfall {
namespace {

constexpr std::string_view kNoBreakSpace = "\xc2\xa0";

bool startsFormula(std::string_view line) {
    while (line.starts_with(' ') || line.starts_with(kNoBreakSpace))
        line.remove_prefix(line.front() == ' ' ? 1 : kNoBreakSpace.size());
    return !line.empty() && std::string_view("=+-@\t\r").find(line.front()) != line.npos;
}

std::string disarmed(std::string_view text) {
    std::string safe;
    bool line_starts = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (line_starts && startsFormula(text.substr(at))) safe += '\'';
        line_starts = text[at] == '\n' || text[at] == '\r';
        safe += text[at];
    }
    return safe;
}

}  // namespace

std::string csvCell(std::string_view text) {
    std::string safe = disarmed(text);
    if (safe.find_first_of(",\"\r\n") == safe.npos) return safe;
    std::string quoted = "\"";
    for (const char c : safe) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace footfall
