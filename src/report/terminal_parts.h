#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/number_text.h"
#include "report/report_parameters.h"

// What both reports look like in a terminal.
namespace footfall {

// The signs that a table is drawn with.
struct Signs {
    std::string_view arrow;
    std::string_view dash;
    std::string_view better;
    std::string_view worse;
};
const Signs& signsOf(TextStyle style);
TextStyle styleOf(const TableOptions& options);

// "59.9", or "-" where it is undefined.
std::string numberText(const std::optional<double>& value, int decimals = 1);
// "59.9 %", or "-".
std::string percentText(const std::optional<double>& percent, int decimals = 1);

// The notes, where the figures come from, and which flags show more.
std::string footer(const std::vector<std::string>& notes, const TableOptions& options,
                   std::string_view more);

}  // namespace footfall
