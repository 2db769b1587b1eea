#pragma once

#include <string>
#include <string_view>

namespace footfall {

// A text as a CSV cell: quoted where RFC 4180 asks for it, and with a ' in front of whatever a
// spreadsheet would take for a formula: a line that starts, after blanks, with = + - @ tab or CR.
// Source: OWASP, "CSV Injection"; CVE-2021-41270.
std::string csvCell(std::string_view text);

}  // namespace footfall
