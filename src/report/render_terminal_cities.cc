#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "report/comparison_text.h"
#include "report/period_text.h"
#include "report/render_terminal.h"
#include "report/statistics.h"
#include "report/terminal_parts.h"
#include "report/text_layout.h"

namespace footfall {
namespace {

constexpr std::size_t kLargestShown = 10;
constexpr std::size_t kDifferingShownMax = 20;
constexpr std::size_t kNameColumns = 10;
constexpr std::size_t kNameColumnsWide = 20;
constexpr std::size_t kUsersColumnsMin = 8;
// 80 columns have room for five stages; what a wider terminal has beyond the other columns is
// theirs.
constexpr std::size_t kStagesMin = 5;
constexpr std::size_t kOtherColumns = 68;
constexpr std::size_t kStageColumns = 6;
constexpr std::size_t kWideColumns = 100;
constexpr std::size_t kWordsColumns = 23;  // before the words about a city that differs

// One line of the table: a city, several together, or all.
struct Line {
    std::string name;
    CityFigures figures;
    std::vector<std::int64_t> stage_users;
    std::string_view mark;
};

struct Layout {
    TextStyle style;
    const Signs& signs;
    std::size_t columns;
    std::size_t name_columns;
    std::size_t users_columns;
    bool wide;
    std::vector<std::size_t> stages;  // indexes of those that have a column
};

// The last required stages behind the first one, which nearly everybody reached.
std::vector<std::size_t> shownStages(const CityReport& report, std::size_t columns) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < report.stages.size(); ++i)
        if (!report.stages[i].optional) shown.push_back(i);
    if (shown.size() > 1) shown.erase(shown.begin());
    const std::size_t room =
        columns > kOtherColumns ? (columns - kOtherColumns) / kStageColumns : 0;
    const std::size_t most = std::max(kStagesMin, room);
    if (shown.size() > most)
        shown.erase(shown.begin(), shown.end() - static_cast<std::ptrdiff_t>(most));
    return shown;
}

Layout layoutFor(const CityReport& report, const TableOptions& options) {
    const bool wide = options.columns >= kWideColumns;
    return {.style = styleOf(options),
            .signs = signsOf(styleOf(options)),
            .columns = options.columns,
            .name_columns = wide ? kNameColumnsWide : kNameColumns,
            .users_columns =
                std::max(kUsersColumnsMin, groupThousands(report.overall.users).size() + 1),
            .wide = wide,
            .stages = shownStages(report, options.columns)};
}

// A stage's name in five columns: the usual words for the default journey's, else its beginning.
std::string shortName(const std::string& stage) {
    static const std::map<std::string_view, std::string_view> kUsual = {
        {"access_app", "app"},      {"click_banner", "banner"}, {"view_products", "view"},
        {"select_product", "item"}, {"add_to_cart", "cart"},    {"begin_checkout", "check"},
        {"place_order", "order"}};
    const auto found = kUsual.find(stage);
    std::string name(found == kUsual.end() ? std::string_view(stage) : found->second);
    while (displayWidth(name) > 5) {
        do name.pop_back();
        while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xc0) == 0x80);
    }
    return name;
}

std::string headline(const CityReport& report, TextStyle style) {
    const CityFigures& all = report.overall;
    if (all.users == 0) return "No user did anything of this journey here.\n";
    std::string money;
    for (const auto& [currency, amount] : all.revenue)
        money += ", " + moneyText(amount, currency, style);
    return fmt::format(
        "{} in {}. {} of them bought: {}{}.\n", countText(all.users, "user", "users"),
        countText(report.total_cities, "city", "cities"), percentText(all.conversion_percent),
        countText(all.buyers, "buyer", "buyers"), money);
}

bool differs(const CityRow& row) {
    return row.verdict == Verdict::kBetter || row.verdict == Verdict::kWorse;
}

std::string elsewhere(const CityReport& report, const CityRow& row) {
    return numberText(percentOf(report.overall.buyers - row.figures.buyers,
                                report.overall.users - row.figures.users));
}

std::string lossWords(const WeakestStep& step, const Signs& signs) {
    return fmt::format(
        "; loses most at {} {} {}: {:.0f} % go on, elsewhere {:.0f} %. About {} "
        "missing.",
        step.from, signs.arrow, step.to, step.percent, step.elsewhere_percent,
        std::llround(step.missing_buyers) == 1
            ? "1 buyer is"
            : groupThousands(std::llround(step.missing_buyers)) + " buyers are");
}

// The cities of one verdict in words, the first with the heading before it.
std::string differing(const CityReport& report, const Layout& layout, Verdict verdict,
                      std::string_view heading) {
    std::size_t longest = 0;
    for (const CityRow& row : report.cities)
        if (differs(row)) longest = std::max(longest, displayWidth(row.city));
    std::string text;
    for (const CityRow& row : report.cities) {
        if (row.verdict != verdict) continue;
        const std::string words =
            fmt::format("{}  {} of 100 users buy (elsewhere {}){}",
                        padRight(row.city, std::min(longest, kNameColumnsWide), layout.style),
                        numberText(row.figures.conversion_percent), elsewhere(report, row),
                        verdict == Verdict::kWorse && row.weakest_step
                            ? lossWords(*row.weakest_step, layout.signs)
                            : "");
        // Broken as if the heading were not there; wrapped() counts from the first word.
        std::string lines = wrapped(words, layout.columns - kWordsColumns, 0);
        for (std::size_t at = 0; (at = lines.find('\n', at)) != lines.npos; at += kWordsColumns)
            lines.insert(++at, kWordsColumns, ' ');
        text += padRight(text.empty() ? heading : "", kWordsColumns, layout.style) + lines + "\n";
    }
    return text;
}

std::string answer(const CityReport& report, const Layout& layout) {
    std::int64_t alike = 0;
    std::int64_t early = 0;
    for (const CityRow& row : report.cities) {
        alike += row.verdict == Verdict::kNoClearDifference ? 1 : 0;
        early += row.verdict == Verdict::kTooEarlyToSay ? 1 : 0;
    }
    return differing(report, layout, Verdict::kBetter, "Better than the rest:") +
           differing(report, layout, Verdict::kWorse, "Worse than the rest:") +
           fmt::format("No clear difference: {}.   Too early to say: {}.\n",
                       countText(alike, "city", "cities"), countText(early, "city", "cities"));
}

std::string_view markOf(const std::optional<Verdict>& verdict, const Signs& signs) {
    if (!verdict) return signs.dash;
    switch (*verdict) {
        case Verdict::kBetter:
            return signs.better;
        case Verdict::kWorse:
            return signs.worse;
        case Verdict::kNoClearDifference:
            return "=";
        case Verdict::kTooEarlyToSay:
            return "?";
    }
    return signs.dash;
}

Line lineOf(const CityRow& row, const Signs& signs) {
    return {.name = row.rank ? row.city : "(no city)",
            .figures = row.figures,
            .stage_users = row.stage_users,
            .mark = markOf(row.verdict, signs)};
}

void add(Line& sum, const CityFigures& figures, const std::vector<std::int64_t>& stage_users) {
    sum.figures.users += figures.users;
    sum.figures.buyers += figures.buyers;
    sum.figures.orders += figures.orders;
    for (const auto& [currency, amount] : figures.revenue) sum.figures.revenue[currency] += amount;
    sum.stage_users.resize(stage_users.size());
    for (std::size_t i = 0; i < stage_users.size(); ++i) sum.stage_users[i] += stage_users[i];
}

// The largest cities and those that differ; the rest together, unless there is nobody in it.
std::vector<Line> cityLines(const CityReport& report, const Layout& layout, bool all_cities) {
    std::vector<Line> lines;
    Line others{.name = "", .figures = {}, .stage_users = {}, .mark = layout.signs.dash};
    std::int64_t others_count = 0;
    if (const auto& unlisted = report.others) {
        add(others, unlisted->figures, unlisted->stage_users);
        others_count = unlisted->cities;
    }
    std::size_t differing_shown = 0;
    for (std::size_t i = 0; i < report.cities.size(); ++i) {
        const CityRow& row = report.cities[i];
        const bool as_differing = differs(row) && differing_shown < kDifferingShownMax;
        if (all_cities || (row.rank && (i < kLargestShown || as_differing))) {
            lines.push_back(lineOf(row, layout.signs));
            differing_shown += differs(row) ? 1 : 0;
            continue;
        }
        add(others, row.figures, row.stage_users);
        others_count += row.rank ? 1 : 0;
    }
    if (others.figures.users == 0) return lines;
    others.name = others_count == 0 ? "(no city)" : countText(others_count, "other", "others");
    lines.push_back(std::move(others));
    return lines;
}

std::string rangeText(const CityFigures& figures, std::string_view dash) {
    const Interval interval = wilsonInterval({.hits = figures.buyers, .count = figures.users});
    return fmt::format("{:.1f}{}{:.1f}", 100 * interval.low, dash, 100 * interval.high);
}

// Money a user in the report's only currency; with several there is no such column.
std::string perUserText(const CityFigures& figures) {
    const auto& [currency, revenue] = *figures.revenue.begin();
    return shortAmount(divide(revenue, static_cast<std::uint64_t>(figures.users)), currency);
}

std::string tableLine(const Line& line, const CityReport& report, const Layout& layout) {
    const CityFigures& figures = line.figures;
    std::string text =
        fmt::format("{}{:>{}}{:>6}", padRight(line.name, layout.name_columns, layout.style),
                    groupThousands(figures.users), layout.users_columns,
                    numberText(percentOf(figures.users, report.overall.users)));
    for (const std::size_t stage : layout.stages) {
        const auto percent = percentOf(line.stage_users[stage], figures.users);
        const bool first = stage == layout.stages.front();
        const bool last = stage == layout.stages.back();
        text += padLeft(numberText(percent, last ? 2 : 1), first || last ? 7 : 6);
    }
    text += fmt::format(" {}{}", line.mark.empty() ? " " : line.mark,
                        padLeft(rangeText(figures, layout.signs.dash), 12));
    if (report.overall.revenue.size() == 1) text += padLeft(perUserText(figures), 9);
    if (layout.wide) text += fmt::format("{:>9}", groupThousands(figures.orders));
    return text + "\n";
}

std::string tableHead(const CityReport& report, const Layout& layout) {
    std::size_t stage_columns = 0;
    std::string names;
    for (const std::size_t stage : layout.stages) {
        const bool edge = stage == layout.stages.front() || stage == layout.stages.back();
        names += padLeft(shortName(report.stages[stage].name), edge ? 7 : 6);
        stage_columns += edge ? 7 : 6;
    }
    const bool money = report.overall.revenue.size() == 1;
    const std::string per =
        money ? currencySign(report.overall.revenue.begin()->first, layout.style) + " per" : "";
    const std::string_view reached = stage_columns >= 28   ? "   % of the city's users who reached"
                                     : stage_columns >= 12 ? "   % who reached"
                                                           : "";
    return padRight("", layout.name_columns, layout.style) +
           padLeft("Users", layout.users_columns) + padLeft("% of", 6) +
           padRight(reached, stage_columns + 8, layout.style) + "Likely" +
           padLeft(per, money ? 9 : 0) + "\n" +
           padRight("City", layout.name_columns, layout.style) +
           padLeft("users", layout.users_columns + 6) + names + padLeft("range", 14) +
           padLeft(money ? "user" : "", money ? 9 : 0) +
           padLeft(layout.wide ? "Orders" : "", layout.wide ? 9 : 0) + "\n";
}

std::string legend(const CityReport& report, const Layout& layout) {
    const int margin = static_cast<int>(std::lround(report.parameters.margin * 100));
    const auto needed =
        usersNeeded(report.overall.conversion_percent.value_or(0) / 100, report.parameters.margin);
    std::string words =
        fmt::format("{} better  {} worse  = no difference of {} % or more  ? too few users to say",
                    layout.signs.better, layout.signs.worse, margin);
    if (needed)
        words += fmt::format(": about {} users are needed to see a {} % difference",
                             groupThousands((*needed + 50) / 100 * 100), margin);
    words += fmt::format(".  {} not judged as one.", layout.signs.dash);
    words +=
        " Range: where the true figure lies, 19 times of 20. A user's city: the first one known.";
    for (const CityRow& row : report.cities)
        if (!row.rank)
            words += fmt::format(
                " {} of users have no city{}.", percentText(row.share_of_users_percent),
                report.cities.size() > kLargestShown ? "; they stand under \"others\"" : "");
    return wrapped(words, layout.columns, 0) + "\n";
}

std::string table(const CityReport& report, const Layout& layout, bool all_cities) {
    std::string text = tableHead(report, layout);
    for (const Line& line : cityLines(report, layout, all_cities))
        text += tableLine(line, report, layout);
    const Line all{.name = "All",
                   .figures = report.overall,
                   .stage_users = report.overall_stage_users,
                   .mark = ""};
    return text + tableLine(all, report, layout);
}

}  // namespace

std::string renderTerminal(const CityReport& report, const TableOptions& options) {
    const Layout layout = layoutFor(report, options);
    std::string text =
        wrapped(titleText(report.parameters, report.zone, layout.style), layout.columns, 2) + "\n" +
        headline(report, layout.style);
    if (report.overall.users > 0)
        text += "\n" + answer(report, layout) + "\n" + table(report, layout, options.all_cities) +
                "\n" + legend(report, layout);
    if (report.comparison) text += comparisonBlock(report, options);
    return text + footer(report.notes, options,
                         "--all  --sort revenue  --city Kolkata  --format csv  --help");
}

}  // namespace footfall
