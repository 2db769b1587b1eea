#include "report/render_csv.h"

#include "report/csv_line.h"
#include "report/statistics.h"

namespace footfall {
namespace {

std::string lineOf(const StageRow& row) {
    CsvLine line;
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
    return line.text();
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
          "p_value_adjusted", "verdict", "users_needed"})
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

std::string lineOf(const CityRow& row, const Money& currencies) {
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
    return line.text();
}

// The overall figures as a row of their own, named in lower case as no city but `unknown` is.
CityRow overallRow(const CityReport& report) {
    CityRow row{.city = "overall",
                .rank = std::nullopt,
                .figures = report.overall,
                .share_of_users_percent = percentOf(report.overall.users, report.overall.users),
                .stage_users = report.overall_stage_users,
                .stage_percent = {},
                .weakest_step = std::nullopt,
                .p_value = std::nullopt,
                .p_value_adjusted = std::nullopt,
                .verdict = std::nullopt,
                .users_needed = std::nullopt};
    for (const std::int64_t users : row.stage_users)
        row.stage_percent.push_back(percentOf(users, report.overall.users));
    return row;
}

}  // namespace

std::string renderCsv(const StageReport& report) {
    std::string csv =
        "stage,position,optional,users,percent_of_users,furthest_users,furthest_percent,"
        "users_in_order,percent_in_order,step_conversion_percent,drop_off_percent,"
        "median_seconds_from_previous,p90_seconds_from_previous\n";
    for (const StageRow& row : report.stages) csv += lineOf(row);
    return csv;
}

std::string renderCsv(const CityReport& report) {
    const Money& currencies = report.overall.revenue;
    std::string csv = cityHeader(report) + lineOf(overallRow(report), currencies);
    for (const CityRow& row : report.cities) csv += lineOf(row, currencies);
    return csv;
}

}  // namespace footfall
