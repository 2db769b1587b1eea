#include "dashboard/page.h"

#include <fmt/format.h>

namespace footfall {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    return out;
}

// The report's address in that format: the page's own parameters, one more.
std::string link(std::string_view report, std::string_view query, std::string_view format) {
    return fmt::format(R"(<a href="/api/v1/reports/{0}{1}{2}format={3}">{3}</a>)", report,
                       escaped(query), query.empty() ? "?" : "&amp;", format);
}

std::string section(std::string_view title, std::string_view report, std::string_view table,
                    std::string_view query) {
    return fmt::format("<h2>{}</h2>\n<pre>{}</pre>\n<p>The same as {}, {}.</p>\n", title,
                       escaped(table), link(report, query, "json"), link(report, query, "csv"));
}

}  // namespace

std::string reportPage(std::string_view stages, std::string_view cities, std::string_view query) {
    return fmt::format(
        R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5">
<title>Footfall</title>
</head>
<body>
<h1>Footfall</h1>
{}{}<p>Narrow both by parameters in the address, for instance
<a href="/?device=android">/?device=android</a> or <a href="/?window=1d">/?window=1d</a>;
<a href="/">all</a>. <a href="/api/v1/audit">Audit</a>, <a href="/metrics">metrics</a>.</p>
</body>
</html>
)",
        section("At which stage are the users?", "stages", stages, query),
        section("Which cities do well?", "cities", cities, query));
}

}  // namespace footfall
