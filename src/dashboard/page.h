#pragma once

#include <string>
#include <string_view>

namespace footfall {

// The page at `/`: both reports as a terminal shows them, with links to the same figures as JSON
// and CSV. One HTML text that loads nothing and runs nothing, and asks for itself again every 5 s.
// `stages`, `cities`: the tables, in UTF-8. `query`: of the URL, "" or "?city=Pune", goes into the
// links. None of the three is trusted: what has a meaning in HTML is escaped.
std::string reportPage(std::string_view stages, std::string_view cities, std::string_view query);

// Goes with it: nothing may be loaded, framed or sent anywhere.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace footfall
