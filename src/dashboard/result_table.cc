#include "dashboard/result_table.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/time_text.h"

namespace footfall {
namespace {

using Json = nlohmann::ordered_json;

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

Json toJson(const Value& value) {
    return std::visit(Overloaded{[](std::monostate) { return Json(nullptr); },
                                 [](Decimal decimal) { return Json(toString(decimal)); },
                                 [](UtcTime time) { return Json(formatUtc(time)); },
                                 [](const auto& plain) { return Json(plain); }},
                      value);
}

std::string toText(const Value& value) {
    return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                                 [](Decimal decimal) { return toString(decimal); },
                                 [](UtcTime time) { return formatUtc(time); },
                                 [](const std::string& text) { return text; },
                                 [](const auto& plain) { return fmt::format("{}", plain); }},
                      value);
}

bool isNumber(const Value& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value) ||
           std::holds_alternative<Decimal>(value);
}

std::string renderJson(const QueryResult& result) {
    Json rows = Json::array();
    for (const auto& row : result.rows) {
        Json cells = Json::array();
        for (const Value& value : row) cells.push_back(toJson(value));
        rows.push_back(std::move(cells));
    }
    const Json json = {
        {"columns", result.columns}, {"rows", std::move(rows)}, {"truncated", result.truncated}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string csvCell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string renderCsv(const QueryResult& result) {
    std::vector<std::string> cells;
    for (const std::string& column : result.columns) cells.push_back(csvCell(column));
    std::string csv = fmt::format("{}\n", fmt::join(cells, ","));
    for (const auto& row : result.rows) {
        cells.clear();
        for (const Value& value : row) cells.push_back(csvCell(toText(value)));
        csv += fmt::format("{}\n", fmt::join(cells, ","));
    }
    return csv;
}

// One line whatever is inside, and nothing that a terminal would obey.
std::string forCell(const std::string& text) {
    std::string cell;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        cell += byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
    }
    return cell;
}

std::size_t charactersOf(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::string spaces(width - charactersOf(text), ' ');
    return right ? spaces + text : text + spaces;
}

// A table as lines of equally wide cells, between `left`, `middle` and `right`.
struct Frame {
    std::string_view left, middle, right;
    bool markdown;
};

std::string renderLines(const QueryResult& result, const Frame& frame) {
    std::vector<std::vector<std::string>> lines{{}};
    std::vector<bool> is_numeric(result.columns.size(), !result.rows.empty());
    for (const std::string& column : result.columns) lines[0].push_back(forCell(column));
    for (const auto& row : result.rows) {
        lines.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::string cell = forCell(toText(row[i]));
            if (frame.markdown)
                for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2)
                    cell.insert(at, "\\");
            lines.back().push_back(std::move(cell));
            is_numeric[i] = is_numeric[i] && (isNumber(row[i]) || row[i].index() == 0);
        }
    }
    std::vector<std::size_t> widths(result.columns.size(), 3);
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], charactersOf(line[i]));

    std::string text;
    const auto append = [&](const std::vector<std::string>& cells) {
        std::vector<std::string> columns;
        for (std::size_t i = 0; i < cells.size(); ++i)
            columns.push_back(padded(cells[i], widths[i], is_numeric[i]));
        std::string line =
            fmt::format("{}{}{}", frame.left, fmt::join(columns, frame.middle), frame.right);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    };
    append(lines[0]);
    std::vector<std::string> rule;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        rule.emplace_back(widths[i], '-');
        if (frame.markdown && is_numeric[i]) rule.back().back() = ':';
    }
    append(rule);
    for (std::size_t i = 1; i < lines.size(); ++i) append(lines[i]);
    return text;
}

}  // namespace

std::string renderResult(const QueryResult& result, ReportFormat format) {
    switch (format) {
        case ReportFormat::kJson:
            return renderJson(result);
        case ReportFormat::kCsv:
            return renderCsv(result);
        case ReportFormat::kMarkdown:
            return renderLines(result, {"| ", " | ", " |", true});
        case ReportFormat::kTable:
            break;
    }
    std::string text = renderLines(result, {"", "  ", "", false});
    if (result.truncated) text += fmt::format("... the first {} rows\n", result.rows.size());
    return text;
}

}  // namespace footfall
