#include "dashboard/query_parameters.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

Result<std::string> sqlOf(const std::string& body) {
    const std::size_t begin = body.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos)
        return fail(Code::kInvalidArgument, "the body is empty: send SQL, or {\"sql\": \"…\"}");
    if (body[begin] != '{') return body;
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || json.size() != 1 || !json.contains("sql") || !json["sql"].is_string())
        return fail(Code::kInvalidArgument, "the body must be {\"sql\": \"…\"} and nothing else");
    return json["sql"].get<std::string>();
}

}  // namespace footfall
