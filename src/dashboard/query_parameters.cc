#include "dashboard/query_parameters.h"

#include <algorithm>

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
