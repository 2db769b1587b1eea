#include "dashboard/query_parameters.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace footfall {

Result<QueryParameters> parseQuery(std::span<const QueryPair> query,
                                   std::initializer_list<std::string_view> known) {
    QueryParameters parameters;
    for (const auto& [name, value] : query) {
        if (std::ranges::find(known, name) == known.end())
            return fail(Code::kInvalidArgument, fmt::format("unknown parameter {}", name));
        if (!parameters.emplace(name, value).second)
            return fail(Code::kInvalidArgument, fmt::format("parameter {} is repeated", name));
    }
    return parameters;
}

Result<std::size_t> topOf(const QueryParameters& parameters) {
    constexpr std::size_t kMost = 1'000;
    std::size_t top = 20;
    const auto given = parameters.find("top");
    if (given == parameters.end()) return top;
    const std::string& text = given->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), top);
    if (error != std::errc() || end != text.data() + text.size() || top < 1 || top > kMost)
        return fail(Code::kInvalidArgument,
                    fmt::format("top must be a number from 1 to {}, not {}", kMost, text));
    return top;
}

Result<ReportFormat> formatOf(const QueryParameters& parameters) {
    const auto format = parameters.find("format");
    if (format == parameters.end() || format->second == "json") return ReportFormat::kJson;
    if (format->second == "csv") return ReportFormat::kCsv;
    if (format->second == "table") return ReportFormat::kTable;
    if (format->second == "markdown") return ReportFormat::kMarkdown;
    return fail(Code::kInvalidArgument,
                fmt::format("format must be json, csv, table or markdown, not {}", format->second));
}

}  // namespace footfall
