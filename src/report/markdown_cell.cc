#include "report/markdown_cell.h"

namespace footfall {

std::string markdownCell(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '|' || c == '\\' || c == '<' || c == '`' || c == '*' || c == '_') safe += '\\';
        safe += c == '\n' || c == '\r' ? ' ' : c;
    }
    return safe;
}

}  // namespace footfall
