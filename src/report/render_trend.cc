#include "report/render_trend.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/csv_line.h"
#include "report/json_parts.h"
#include "report/number_text.h"
#include "report/period_text.h"
#include "report/terminal_parts.h"
#include "report/text_layout.h"

namespace footfall {
namespace {

constexpr std::size_t kBarColumns = 8;

void addConversion(Json& json, const std::string& name, const Conversion& conversion) {
    json[name + "_percent"] = orNull(conversion.percent);
    json[name + "_low_percent"] = orNull(conversion.low_percent);
    json[name + "_high_percent"] = orNull(conversion.high_percent);
}

Json jsonOf(const TrendBucket& bucket) {
    Json json = {{"start", bucket.start},      {"from", formatUtc(bucket.from)},
                 {"to", formatUtc(bucket.to)}, {"complete", bucket.complete},
                 {"users", bucket.users},      {"buyers", bucket.buyers}};
    addConversion(json, "conversion", bucket.conversion);
    json["buyers_in_order"] = bucket.buyers_in_order;
    addConversion(json, "conversion_in_order", bucket.conversion_in_order);
    json["users_inside_window"] = bucket.users_inside_window;
    return json;
}

void add(CsvLine& line, const Conversion& conversion) {
    line.add(conversion.percent);
    line.add(conversion.low_percent);
    line.add(conversion.high_percent);
}

std::string csvOf(const TrendBucket& bucket) {
    CsvLine line;
    line.add(std::string_view(bucket.start));
    line.add(std::string_view(formatUtc(bucket.from)));
    line.add(std::string_view(formatUtc(bucket.to)));
    line.add(bucket.complete);
    line.add(bucket.users);
    line.add(bucket.buyers);
    add(line, bucket.conversion);
    line.add(bucket.buyers_in_order);
    add(line, bucket.conversion_in_order);
    line.add(bucket.users_inside_window);
    return line.text();
}

std::string rangeText(const Conversion& conversion, std::string_view dash) {
    if (!conversion.percent) return "-";
    return numberText(conversion.low_percent) + std::string(dash) +
           numberText(conversion.high_percent);
}

bool isDaily(const TrendReport& report) {
    return report.parameters.by == TrendStep::kDay;
}

std::string lineOf(const TrendBucket& bucket, double highest_percent, TextStyle style) {
    const double part =
        highest_percent > 0 ? bucket.conversion.percent.value_or(0) / highest_percent : 0;
    return fmt::format("{}{} {:>9}{:>8}{:>7}{}  {}{:>9}{:>11}\n", bucket.start,
                       bucket.complete ? " " : "*", groupThousands(bucket.users),
                       groupThousands(bucket.buyers), numberText(bucket.conversion.percent),
                       padLeft(rangeText(bucket.conversion, signsOf(style).dash), 14),
                       padRight(bar(part, kBarColumns, style), kBarColumns, style),
                       groupThousands(bucket.buyers_in_order),
                       groupThousands(bucket.users_inside_window));
}

std::string legend(const TrendReport& report, const TableOptions& options) {
    const std::string_view step = stepName(report.parameters.by);
    return wrapped(fmt::format("Users: their first step here was in that {0}. Undecided: can still "
                               "buy in order, within {1} of the first step. * not a whole {0} "
                               "yet, or not all of it asked for.",
                               step, windowText(report.parameters.window)),
                   options.columns, 0) +
           "\n";
}

}  // namespace

std::string renderJson(const TrendReport& report) {
    Json json = headOf(report);
    json["by"] = stepName(report.parameters.by);
    json["conversion_window_s"] = windowSeconds(report.parameters.window);
    json["total_users"] = report.total_users;
    json["generated_at"] = formatUtc(report.generated_at);
    json["buckets"] = Json::array();
    for (const TrendBucket& bucket : report.buckets) json["buckets"].push_back(jsonOf(bucket));
    return textOf(json);
}

std::string renderCsv(const TrendReport& report) {
    std::string csv =
        "start,from,to,complete,users,buyers,conversion_percent,conversion_low_percent,"
        "conversion_high_percent,buyers_in_order,conversion_in_order_percent,"
        "conversion_in_order_low_percent,conversion_in_order_high_percent,users_inside_window\n";
    for (const TrendBucket& bucket : report.buckets) csv += csvOf(bucket);
    return csv;
}

std::string renderMarkdown(const TrendReport& report) {
    std::string text = fmt::format(
        "## Trend\n\n| {} | Users | Buyers | Conversion | Likely range | In order | Undecided "
        "|\n|---|--:|--:|--:|--:|--:|--:|\n",
        isDaily(report) ? "Day" : "Week from");
    for (const TrendBucket& bucket : report.buckets)
        text += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {} |\n", bucket.start, groupThousands(bucket.users),
            groupThousands(bucket.buyers), percentText(bucket.conversion.percent),
            rangeText(bucket.conversion, "–"), groupThousands(bucket.buyers_in_order),
            groupThousands(bucket.users_inside_window));
    return text;
}

std::string trendTable(const TrendReport& report, const TableOptions& options) {
    double highest = 0;
    for (const TrendBucket& bucket : report.buckets)
        highest = std::max(highest, bucket.conversion.percent.value_or(0));
    std::string text = fmt::format("{:<10}  {:>9}{:>8}{:>7}{:>14}  {:{}}{:>9}{:>11}\n",
                                   isDaily(report) ? "Day" : "Week from", "Users", "Buyers", "%",
                                   "Likely range", "", kBarColumns, "In order", "Undecided");
    for (const TrendBucket& bucket : report.buckets)
        text += lineOf(bucket, highest, styleOf(options));
    return text + legend(report, options);
}

std::string renderTerminal(const TrendReport& report, const TableOptions& options) {
    return wrapped(titleText(report.parameters, report.zone, styleOf(options)), options.columns,
                   2) +
           "\n" +
           (report.total_users == 0 ? "No user did anything of this journey here.\n"
                                    : "\n" + trendTable(report, options)) +
           footer({}, options,
                  "--by week --from --to --city --device --window --format csv --help");
}

}  // namespace footfall
