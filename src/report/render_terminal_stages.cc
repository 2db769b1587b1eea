#include <algorithm>

#include <fmt/format.h>

#include "report/comparison_text.h"
#include "report/period_text.h"
#include "report/render_terminal.h"
#include "report/terminal_parts.h"
#include "report/text_layout.h"

namespace footfall {
namespace {

constexpr std::size_t kNameColumnsMin = 15;
constexpr std::size_t kNameColumnsMax = 40;
constexpr std::size_t kBarColumns = 22;
// From here on the tables have columns that 80 have no room for.
constexpr std::size_t kWideColumns = 100;

// The layout of one report: names as wide as they must be, as far as the terminal has room.
struct Layout {
    TextStyle style;
    const Signs& signs;
    std::size_t columns;
    std::size_t name_columns;
    bool wide;
};

std::string shownName(const StageRow& row) {
    return row.optional ? row.stage + " *" : row.stage;
}

Layout layoutFor(const StageReport& report, const TableOptions& options) {
    std::size_t longest = 0;
    for (const StageRow& row : report.stages)
        longest = std::max(longest, displayWidth(shownName(row)) + 1);
    const bool wide = options.columns >= kWideColumns;
    // The step table holds two names and 47 columns of figures, or 65 when wide.
    const std::size_t figures = wide ? 65 : 47;
    const std::size_t room = options.columns > figures ? (options.columns - figures) / 2 : 0;
    return {.style = styleOf(options),
            .signs = signsOf(styleOf(options)),
            .columns = options.columns,
            .name_columns = std::clamp(longest, kNameColumnsMin,
                                       std::clamp(room, kNameColumnsMin, kNameColumnsMax)),
            .wide = wide};
}

std::string headline(const StageReport& report) {
    if (report.total_users == 0) return "No user did anything of this journey here.\n";
    const StageRow& last = report.stages.back();
    return fmt::format("{}. {} of them ({}) reached the last stage, {}.\n",
                       countText(report.total_users, "user", "users"), groupThousands(last.users),
                       percentText(last.percent_of_users), last.stage);
}

// Any order: who did what.
std::string stageTable(const StageReport& report, const Layout& layout) {
    std::string text = fmt::format("   {}{:>10}{:>12}{:>26}{:>12}\n",
                                   padRight("Stage", layout.name_columns, layout.style), "Users",
                                   "% of users", "", "Stopped here");
    for (const StageRow& row : report.stages) {
        const std::string drawn =
            bar(row.percent_of_users.value_or(0) / 100, kBarColumns, layout.style);
        text += fmt::format("{:>2} {}{:>10}{:>12}  {}{:>14}\n", row.position,
                            padRight(shownName(row), layout.name_columns, layout.style),
                            groupThousands(row.users), percentText(row.percent_of_users),
                            padRight(drawn, kBarColumns, layout.style),
                            percentText(row.furthest_percent));
    }
    return text;
}

std::string stageLegend(const StageReport& report, const Layout& layout) {
    std::string words =
        "Users: did this at least once. Stopped here: got no further; adds up to 100 %.";
    if (std::ranges::any_of(report.stages, &StageRow::optional))
        words += " * optional: skipping it does not count as leaving.";
    return "   " + wrapped(words, layout.columns - 3, 3) + "\n";
}

std::string timeText(const std::optional<double>& seconds) {
    return seconds ? durationText(*seconds) : "-";
}

std::string stepLine(const StageRow& from, const StageRow& to, const Layout& layout) {
    std::string line =
        fmt::format("{:>2} {}{} {}{:>10}{:>8}{:>10}{:>14}", from.position,
                    padRight(from.stage, layout.name_columns, layout.style), layout.signs.arrow,
                    padRight(to.stage, layout.name_columns, layout.style),
                    groupThousands(to.users_in_order), percentText(to.step_conversion_percent),
                    groupThousands(from.users_in_order - to.users_in_order),
                    timeText(to.median_seconds_from_previous));
    if (layout.wide) line += fmt::format("{:>18}", timeText(to.p90_seconds_from_previous));
    return line + "\n";
}

std::string inOrderLine(const StageRow& last) {
    const std::int64_t more = last.users - last.users_in_order;
    std::string line = fmt::format("   In order {} users reached {}",
                                   groupThousands(last.users_in_order), last.stage);
    if (more > 0)
        line += fmt::format("; {} more did later or by another way", groupThousands(more));
    return line + ".\n";
}

// In order: who went on from one required stage to the next.
std::string stepTable(const StageReport& report, const Layout& layout) {
    std::vector<const StageRow*> required;
    for (const StageRow& row : report.stages)
        if (!row.optional) required.push_back(&row);
    if (required.size() < 2) return "";

    const auto& window = report.parameters.window;
    std::string text =
        window ? fmt::format("\nStep by step: in this order, within {} of the first step\n",
                             windowText(window))
               : "\nStep by step: in this order, however long it took\n";
    text += fmt::format(
        "   {}  {}{:>10}{:>18}{:>14}", padRight("From", layout.name_columns, layout.style),
        padRight("To", layout.name_columns, layout.style), "Went on", "Left", "Typical time");
    text += layout.wide ? fmt::format("{:>18}\n", "Nine of ten in") : "\n";
    for (std::size_t i = 1; i < required.size(); ++i)
        text += stepLine(*required[i - 1], *required[i], layout);
    return text + inOrderLine(*required.back());
}

}  // namespace

std::string renderTerminal(const StageReport& report, const TableOptions& options) {
    const Layout layout = layoutFor(report, options);
    std::string text =
        wrapped(titleText(report.parameters, report.zone, layout.style), layout.columns, 2) + "\n" +
        headline(report);
    if (report.total_users > 0)
        text += "\n" + stageTable(report, layout) + stageLegend(report, layout) +
                stepTable(report, layout);
    if (report.comparison) text += comparisonBlock(report, options);
    return text + footer(report.notes, options,
                         "--from --to --city --device --window --format csv --help");
}

}  // namespace footfall
