#include "report/comparison_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/markdown_cell.h"
#include "report/period_text.h"
#include "report/terminal_parts.h"
#include "report/text_layout.h"

namespace footfall {
namespace {

constexpr std::size_t kNameColumnsMin = 12;
constexpr std::size_t kNameColumnsMax = 30;
constexpr std::size_t kFigureColumns = 50;
constexpr std::size_t kCitiesShownMax = 20;

template <class Report>
std::string labelOf(const Report& report, TextStyle style) {
    return comparandText(report.parameters, report.comparison->comparand, report.zone, style);
}

// "+1.2", "-0.4", "0.0".
std::string pointsText(const std::optional<double>& points) {
    if (!points) return "-";
    const std::string text = fmt::format("{:+.1f}", *points);
    return text == "+0.0" || text == "-0.0" ? "0.0" : text;
}

std::string_view chanceText(const std::optional<double>& p_value_adjusted, bool is_clear) {
    if (!p_value_adjusted) return "";
    return is_clear ? "clear" : "may be chance";
}

bool isClear(const ComparedStep& step) {
    return step.p_value_adjusted && *step.p_value_adjusted < kSignificance;
}

std::string heading(const std::string& label, const std::string& sentence, std::size_t columns) {
    return "\n" + wrapped("Against " + label, columns, 2) + "\n" +
           wrapped("   " + sentence, columns, 3) + "\n";
}

std::size_t nameColumns(const std::vector<ComparedStep>& steps, std::size_t columns) {
    std::size_t longest = 0;
    for (const ComparedStep& step : steps)
        longest = std::max({longest, displayWidth(step.from), displayWidth(step.to)});
    const std::size_t room = columns > kFigureColumns ? (columns - kFigureColumns) / 2 : 0;
    return std::clamp(longest, kNameColumnsMin, std::clamp(room, kNameColumnsMin, kNameColumnsMax));
}

bool isShown(const CityRow& row) {
    return row.rank && row.compared && row.compared->difference_points;
}

// Those whose difference is clear, else the largest.
std::vector<const CityRow*> shownCities(const CityReport& report) {
    std::vector<const CityRow*> shown;
    for (const CityRow& row : report.cities)
        if (isShown(row) && row.compared->isClear()) shown.push_back(&row);
    for (const CityRow& row : report.cities)
        if (isShown(row) && !row.compared->isClear()) shown.push_back(&row);
    shown.resize(std::min(shown.size(), kCitiesShownMax));
    return shown;
}

}  // namespace

std::string comparisonBlock(const StageReport& report, const TableOptions& options) {
    const StageComparison& comparison = *report.comparison;
    const TextStyle style = styleOf(options);
    std::string text = heading(labelOf(report, style), headlineOf(report, style), options.columns);
    if (comparison.other->total_users == 0 || comparison.steps.empty()) return text;
    const std::size_t names = nameColumns(comparison.steps, options.columns);
    text += fmt::format("   {}  {}{:>10}{:>10}{:>12}\n", padRight("From", names, style),
                        padRight("To", names, style), "Here", "There", "Points");
    for (const ComparedStep& step : comparison.steps)
        text += fmt::format("   {}{} {}{:>10}{:>10}{:>12}  {}", padRight(step.from, names, style),
                            signsOf(style).arrow, padRight(step.to, names, style),
                            percentText(step.percent), percentText(step.other_percent),
                            pointsText(step.difference_points),
                            chanceText(step.p_value_adjusted, isClear(step))) +
                "\n";
    return text;
}

std::string comparisonBlock(const CityReport& report, const TableOptions& options) {
    const TextStyle style = styleOf(options);
    std::string text = heading(labelOf(report, style), headlineOf(report, style), options.columns);
    const std::vector<const CityRow*> shown = shownCities(report);
    if (shown.empty()) return text;
    text += fmt::format("   {}{:>10}{:>10}{:>10}{:>12}\n", padRight("City", kNameColumnsMax, style),
                        "Users", "Here", "There", "Points");
    for (const CityRow* row : shown)
        text += fmt::format("   {}{:>10}{:>10}{:>10}{:>12}  {}",
                            padRight(row->city, kNameColumnsMax, style),
                            groupThousands(row->figures.users),
                            percentText(row->figures.conversion_percent),
                            percentText(row->compared->figures.conversion_percent),
                            pointsText(row->compared->difference_points),
                            chanceText(row->compared->p_value_adjusted, row->compared->isClear())) +
                "\n";
    return text;
}

std::string comparisonMarkdown(const StageReport& report) {
    std::string text = fmt::format(
        "\n### Against {}\n\n{}\n\n| From | To | Here | There | Points | |\n"
        "|---|---|--:|--:|--:|---|\n",
        markdownCell(labelOf(report, TextStyle::kUnicode)),
        markdownCell(headlineOf(report, TextStyle::kUnicode)));
    for (const ComparedStep& step : report.comparison->steps)
        text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdownCell(step.from),
                            markdownCell(step.to), percentText(step.percent),
                            percentText(step.other_percent), pointsText(step.difference_points),
                            chanceText(step.p_value_adjusted, isClear(step)));
    return text;
}

std::string comparisonMarkdown(const CityReport& report) {
    std::string text = fmt::format(
        "\n### Against {}\n\n{}\n\n| City | Users | Here | There | Points | |\n"
        "|---|--:|--:|--:|--:|---|\n",
        markdownCell(labelOf(report, TextStyle::kUnicode)),
        markdownCell(headlineOf(report, TextStyle::kUnicode)));
    for (const CityRow* row : shownCities(report))
        text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdownCell(row->city),
                            groupThousands(row->figures.users),
                            percentText(row->figures.conversion_percent),
                            percentText(row->compared->figures.conversion_percent),
                            pointsText(row->compared->difference_points),
                            chanceText(row->compared->p_value_adjusted, row->compared->isClear()));
    return text;
}

}  // namespace footfall
