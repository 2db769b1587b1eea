#include "report/render_markdown.h"

#include <fmt/format.h>

#include "report/comparison_text.h"
#include "report/markdown_cell.h"
#include "report/number_text.h"
#include "report/period_text.h"
#include "report/statistics.h"
#include "report/terminal_parts.h"

namespace footfall {
namespace {

std::string notesOf(const std::vector<std::string>& notes) {
    std::string text;
    for (const std::string& note : notes) text += fmt::format("- {}\n", markdownCell(note));
    return text.empty() ? text : "\n" + text;
}

std::string moneyTexts(const std::optional<Money>& money) {
    if (!money) return "";
    std::vector<std::string> texts;
    for (const auto& [currency, amount] : *money)
        texts.push_back(moneyText(amount, currency, TextStyle::kUnicode));
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string rowOf(const StageRow& row) {
    return fmt::format(
        "| {} | {}{} | {} | {} | {} | {} | {} | {} | {} |\n", row.position, markdownCell(row.stage),
        row.optional ? " (optional)" : "", groupThousands(row.users),
        percentText(row.percent_of_users), percentText(row.furthest_percent),
        groupThousands(row.users_in_order), percentText(row.percent_in_order),
        percentText(row.step_conversion_percent),
        row.median_seconds_from_previous ? durationText(*row.median_seconds_from_previous) : "");
}

std::string verdictText(const std::optional<Verdict>& verdict) {
    std::string text(verdict ? verdictName(*verdict) : "");
    for (char& c : text)
        if (c == '_') c = ' ';
    return text;
}

std::string rangeText(const CityFigures& figures) {
    if (!figures.conversion_low_percent) return "";
    return fmt::format("{:.1f}–{:.1f} %", *figures.conversion_low_percent,
                       *figures.conversion_high_percent);
}

std::string rowOf(const std::string& rank, const std::string& city, const CityFigures& figures,
                  const std::optional<double>& share, const std::optional<Verdict>& verdict) {
    return fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", rank, city,
        groupThousands(figures.users), percentText(share), groupThousands(figures.buyers),
        percentText(figures.conversion_percent), rangeText(figures), groupThousands(figures.orders),
        moneyTexts(figures.revenue), moneyTexts(figures.revenue_per_user), verdictText(verdict));
}

}  // namespace

std::string renderMarkdown(const StageReport& report) {
    std::string text = fmt::format(
        "## Stages\n\n{}\n\n{}, {}. In order: within {} of the first step.\n\n"
        "| # | Stage | Users | % of users | Stopped here | In order | % in order | Went on | "
        "Typical time |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|\n",
        markdownCell(titleText(report.parameters, report.zone, TextStyle::kUnicode)),
        countText(report.total_users, "user", "users"),
        countText(report.total_events, "event", "events"), windowText(report.parameters.window));
    for (const StageRow& row : report.stages) text += rowOf(row);
    if (report.comparison) text += comparisonMarkdown(report);
    return text + notesOf(report.notes);
}

std::string renderMarkdown(const CityReport& report) {
    std::string text = fmt::format(
        "## Cities\n\n{}\n\n"
        "| # | City | Users | % of users | Buyers | Conversion | Likely range | Orders | Revenue | "
        "Revenue per user | Verdict |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n",
        markdownCell(titleText(report.parameters, report.zone, TextStyle::kUnicode)));
    text += rowOf("", "**All**", report.overall,
                  percentOf(report.overall.users, report.overall.users), std::nullopt);
    for (const CityRow& row : report.cities)
        text += rowOf(row.rank ? std::to_string(*row.rank) : "", markdownCell(row.city),
                      row.figures, row.share_of_users_percent, row.verdict);
    if (const auto& others = report.others)
        text += rowOf("", countText(others->cities, "other", "others"), others->figures,
                      others->share_of_users_percent, std::nullopt);
    if (report.comparison) text += comparisonMarkdown(report);
    return text + notesOf(report.notes);
}

}  // namespace footfall
