#include "report/render_json.h"

#include "report/json_parts.h"

namespace footfall {
namespace {

Json stageOf(const StageRow& row) {
    return {{"stage", row.stage},
            {"position", row.position},
            {"optional", row.optional},
            {"users", row.users},
            {"percent_of_users", orNull(row.percent_of_users)},
            {"furthest_users", row.furthest_users},
            {"furthest_percent", orNull(row.furthest_percent)},
            {"users_in_order", row.users_in_order},
            {"percent_in_order", orNull(row.percent_in_order)},
            {"step_conversion_percent", orNull(row.step_conversion_percent)},
            {"drop_off_percent", orNull(row.drop_off_percent)},
            {"median_seconds_from_previous", orNull(row.median_seconds_from_previous)},
            {"p90_seconds_from_previous", orNull(row.p90_seconds_from_previous)}};
}

// One currency: a decimal string. Several: an object by currency.
Json moneyOf(const Money& money) {
    if (money.size() == 1) return toString(money.begin()->second);
    Json by_currency = Json::object();
    for (const auto& [currency, amount] : money) by_currency[currency] = toString(amount);
    return by_currency;
}

Json moneyOrNull(const std::optional<Money>& money) {
    return money ? moneyOf(*money) : Json();
}

void addConversion(Json& row, const CityFigures& figures) {
    row["buyers"] = figures.buyers;
    row["conversion_percent"] = orNull(figures.conversion_percent);
    row["conversion_low_percent"] = orNull(figures.conversion_low_percent);
    row["conversion_high_percent"] = orNull(figures.conversion_high_percent);
    row["orders"] = figures.orders;
    row["revenue"] = moneyOf(figures.revenue);
    row["average_order_value"] = moneyOrNull(figures.average_order_value);
    row["revenue_per_user"] = moneyOrNull(figures.revenue_per_user);
}

Json weakestStepOf(const std::optional<WeakestStep>& step) {
    if (!step) return {};
    return {{"from", step->from},
            {"to", step->to},
            {"percent", step->percent},
            {"elsewhere_percent", step->elsewhere_percent},
            {"missing_buyers", step->missing_buyers}};
}

Json cityOf(const CityRow& city, const std::vector<Stage>& stages) {
    Json row = {{"rank", orNull(city.rank)},
                {"city", city.city},
                {"users", city.figures.users},
                {"share_of_users_percent", orNull(city.share_of_users_percent)},
                {"stage_percent", Json::object()}};
    for (std::size_t i = 0; i < stages.size(); ++i)
        row["stage_percent"][stages[i].name] = orNull(city.stage_percent[i]);
    addConversion(row, city.figures);
    row["weakest_step"] = weakestStepOf(city.weakest_step);
    row["p_value"] = orNull(city.p_value);
    row["p_value_adjusted"] = orNull(city.p_value_adjusted);
    row["verdict"] = city.verdict ? Json(verdictName(*city.verdict)) : Json();
    row["users_needed"] = orNull(city.users_needed);
    return row;
}

}  // namespace

std::string renderJson(const StageReport& report) {
    Json json = headOf(report);
    json["conversion_window_s"] = windowSeconds(report.parameters.window);
    json["total_users"] = report.total_users;
    json["total_events"] = report.total_events;
    json["users_inside_window"] = report.users_inside_window;
    json["generated_at"] = formatUtc(report.generated_at);
    json["notes"] = report.notes;
    json["stages"] = Json::array();
    for (const StageRow& row : report.stages) json["stages"].push_back(stageOf(row));
    return textOf(json);
}

std::string renderJson(const CityReport& report) {
    Json json = headOf(report);
    json["total_users"] = report.overall.users;
    json["generated_at"] = formatUtc(report.generated_at);
    json["notes"] = report.notes;
    json["overall"] = {{"users", report.overall.users}};
    addConversion(json["overall"], report.overall);
    json["cities"] = Json::array();
    for (const CityRow& row : report.cities) json["cities"].push_back(cityOf(row, report.stages));
    return textOf(json);
}

}  // namespace footfall
