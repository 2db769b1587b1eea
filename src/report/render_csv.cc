#include "report/render_csv.h"

#include <algorithm>

#include "report/csv_line.h"
#include "report/statistics.h"

namespace footfall {
namespace {

void add(CsvLine& line, const StageRow& row) {
    line.add(row.stage);
    line.add(row.position);
    line.add(row.optional);
    line.add(row.users);
    line.add(row.percent_of_users);
    line.add(row.furthest_users);
    line.add(row.furthest_percent);
    line.add(row.users_in_order);
    line.add(row.percent_in_order);
    line.add(row.step_conversion_percent);
    line.add(row.drop_off_percent);
    line.add(row.median_seconds_from_previous);
    line.add(row.p90_seconds_from_previous);
}

// The other side of a stage, and of the step that leads to it.
void addCompared(CsvLine& line, const StageComparison& comparison, std::size_t stage) {
    const StageRow& other = comparison.other->stages[stage];
    line.add(other.users);
    line.add(other.percent_of_users);
    line.add(other.users_in_order);
    line.add(other.percent_in_order);
    line.add(other.step_conversion_percent);
    const auto step = std::ranges::find(comparison.steps, other.stage, &ComparedStep::to);
    const auto cell = [&](auto member) {
        line.add(step == comparison.steps.end() ? std::nullopt : (*step).*member);
    };
    cell(&ComparedStep::difference_points);
    cell(&ComparedStep::p_value);
    cell(&ComparedStep::p_value_adjusted);
}

void addCompared(CsvLine& line, const std::optional<ComparedFigures>& compared) {
    const ComparedFigures none;
    const ComparedFigures& found = compared ? *compared : none;
    line.add(compared ? std::optional(found.figures.users) : std::nullopt);
    line.add(compared ? std::optional(found.figures.buyers) : std::nullopt);
    line.add(found.figures.conversion_percent);
    line.add(found.figures.conversion_low_percent);
    line.add(found.figures.conversion_high_percent);
    line.add(compared ? std::optional(found.figures.orders) : std::nullopt);
    line.add(found.difference_points);
    line.add(found.p_value);
    line.add(found.p_value_adjusted);
}

// One column, or one a currency when there are several.
void addMoneyNames(CsvLine& line, const std::string& name, const Money& currencies) {
    if (currencies.size() == 1) return line.add(std::string_view(name));
    for (const auto& entry : currencies) line.add(std::string_view(name + "_" + entry.first));
}

void addMoney(CsvLine& line, const std::optional<Money>& money, const Money& currencies) {
    for (const auto& entry : currencies)
        line.add(money ? std::optional(toString(money->at(entry.first))) : std::nullopt);
}

std::string cityHeader(const CityReport& report) {
    const Money& currencies = report.overall.revenue;
    CsvLine line;
    for (const std::string_view name : {"rank", "city", "users", "share_of_users_percent"})
        line.add(name);
    for (const Stage& stage : report.stages)
        line.add(std::string_view("stage_percent_" + stage.name));
    for (const std::string_view name : {"buyers", "conversion_percent", "conversion_low_percent",
                                        "conversion_high_percent", "orders"})
        line.add(name);
    for (const std::string name : {"revenue", "average_order_value", "revenue_per_user"})
        addMoneyNames(line, name, currencies);
    for (const std::string_view name :
         {"weakest_step_from", "weakest_step_to", "weakest_step_percent",
          "weakest_step_elsewhere_percent", "weakest_step_missing_buyers", "p_value",
          "p_value_adjusted", "verdict", "users_needed", "conversion_shrunken_percent",
          "elsewhere_percent", "gap_points"})
        line.add(name);
    for (const Stage& stage : report.stages)
        if (!stage.optional) line.add(std::string_view("gap_points_" + stage.name));
    line.add(std::string_view("gap_points_other_order"));
    if (report.comparison)
        for (const std::string_view name :
             {"other_users", "other_buyers", "other_conversion_percent",
              "other_conversion_low_percent", "other_conversion_high_percent", "other_orders",
              "difference_points", "difference_p_value", "difference_p_value_adjusted"})
            line.add(name);
    return line.text();
}

void addFigures(CsvLine& line, const CityFigures& figures, const Money& currencies) {
    line.add(figures.buyers);
    line.add(figures.conversion_percent);
    line.add(figures.conversion_low_percent);
    line.add(figures.conversion_high_percent);
    line.add(figures.orders);
    addMoney(line, figures.revenue, currencies);
    addMoney(line, figures.average_order_value, currencies);
    addMoney(line, figures.revenue_per_user, currencies);
}

void addWeakestStep(CsvLine& line, const std::optional<WeakestStep>& step) {
    const auto cell = [&](auto member) {
        line.add(step ? std::optional((*step).*member) : std::nullopt);
    };
    cell(&WeakestStep::from);
    cell(&WeakestStep::to);
    cell(&WeakestStep::percent);
    cell(&WeakestStep::elsewhere_percent);
    cell(&WeakestStep::missing_buyers);
}

void addGap(CsvLine& line, const std::optional<Gap>& gap, std::size_t steps) {
    const auto cell = [&](auto member) {
        line.add(gap ? std::optional((*gap).*member) : std::nullopt);
    };
    cell(&Gap::elsewhere_percent);
    cell(&Gap::points);
    for (std::size_t i = 0; i < steps; ++i)
        line.add(gap ? std::optional(gap->steps[i].points) : std::nullopt);
    cell(&Gap::other_order_points);
}

std::string lineOf(const CityRow& row, const CityReport& report) {
    const Money& currencies = report.overall.revenue;

    CsvLine line;
    line.add(row.rank);
    line.add(std::string_view(row.city));
    line.add(row.figures.users);
    line.add(row.share_of_users_percent);
    for (const auto& percent : row.stage_percent) line.add(percent);
    addFigures(line, row.figures, currencies);
    addWeakestStep(line, row.weakest_step);
    line.add(row.p_value);
    line.add(row.p_value_adjusted);
    line.add(row.verdict ? std::optional(verdictName(*row.verdict)) : std::nullopt);
    line.add(row.users_needed);
    line.add(row.conversion_shrunken_percent);
    addGap(line, row.gap,
           static_cast<std::size_t>(std::ranges::count(report.stages, false, &Stage::optional)));
    if (report.comparison) addCompared(line, row.compared);
    return line.text();
}

// Figures that are of no one city as a row, named in lower case as no city but `unknown` is.
CityRow rowOf(const std::string& name, const CityFigures& figures,
              const std::vector<std::int64_t>& stage_users, const CityReport& report) {
    CityRow row{.city = name,
                .rank = std::nullopt,
                .figures = figures,
                .share_of_users_percent = percentOf(figures.users, report.overall.users),
                .stage_users = stage_users,
                .stage_percent = {},
                .weakest_step = std::nullopt,
                .p_value = std::nullopt,
                .p_value_adjusted = std::nullopt,
                .verdict = std::nullopt,
                .users_needed = std::nullopt,
                .conversion_shrunken_percent = std::nullopt,
                .gap = std::nullopt,
                .compared = std::nullopt};
    for (const std::int64_t users : row.stage_users)
        row.stage_percent.push_back(percentOf(users, figures.users));
    return row;
}

}  // namespace

std::string renderCsv(const StageReport& report) {
    std::string csv =
        "stage,position,optional,users,percent_of_users,furthest_users,furthest_percent,"
        "users_in_order,percent_in_order,step_conversion_percent,drop_off_percent,"
        "median_seconds_from_previous,p90_seconds_from_previous";
    csv += report.comparison
               ? ",other_users,other_percent_of_users,other_users_in_order,other_percent_in_order,"
                 "other_step_conversion_percent,step_difference_points,step_p_value,"
                 "step_p_value_adjusted\n"
               : "\n";
    for (std::size_t i = 0; i < report.stages.size(); ++i) {
        CsvLine line;
        add(line, report.stages[i]);
        if (report.comparison) addCompared(line, *report.comparison, i);
        csv += line.text();
    }
    return csv;
}

std::string renderCsv(const CityReport& report) {
    CityRow overall = rowOf("overall", report.overall, report.overall_stage_users, report);
    if (report.comparison) overall.compared = report.comparison->overall;
    std::string csv = cityHeader(report) + lineOf(overall, report);
    for (const CityRow& row : report.cities) csv += lineOf(row, report);
    if (const auto& others = report.others)
        csv += lineOf(rowOf("others", others->figures, others->stage_users, report), report);
    return csv;
}

}  // namespace footfall
