#pragma once

#include <string>
#include <string_view>

#include "report/number_text.h"

// Text in columns of a terminal, measured as it is displayed.
namespace footfall {

// Columns that the text takes: wide characters take two, combining marks none.
std::size_t displayWidth(std::string_view text);

// The text in exactly `columns`, with blanks after or before it. A longer one is cut between
// characters and ends in "…" ("~" in ASCII).
std::string padRight(std::string_view text, std::size_t columns, TextStyle style);
std::string padLeft(std::string_view text, std::size_t columns);

// A bar of at most `columns`, in eighths of a column (in ASCII: whole columns).
std::string bar(double part, std::size_t columns, TextStyle style);

// Breaks a sentence between words into lines of at most `columns`; every line but the first starts
// with `indent` blanks.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

}  // namespace footfall
