#pragma once

#include <string>
#include <string_view>

namespace footfall {

// Text inside a table of Markdown: no cell border and no line break of its own.
std::string markdownCell(std::string_view text);

}  // namespace footfall
