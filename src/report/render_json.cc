#include "report/render_json.h"

#include "report/json_parts.h"
#include "report/period_text.h"

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

Json gapOf(const std::optional<Gap>& gap) {
    if (!gap) return {};
    Json steps = Json::array();
    for (const GapStep& step : gap->steps)
        steps.push_back({{"from", orNull(step.from)}, {"to", step.to}, {"points", step.points}});
    return {{"elsewhere_percent", gap->elsewhere_percent},
            {"points", gap->points},
            {"steps", std::move(steps)},
            {"other_order_points", gap->other_order_points}};
}

Json comparedOf(const std::optional<ComparedFigures>& compared) {
    if (!compared) return {};
    Json json = {{"users", compared->figures.users}};
    addConversion(json, compared->figures);
    json["difference_points"] = orNull(compared->difference_points);
    json["p_value"] = orNull(compared->p_value);
    json["p_value_adjusted"] = orNull(compared->p_value_adjusted);
    return json;
}

// What the comparisons of both reports begin with.
template <class Report>
Json comparisonHead(const Report& report) {
    const Comparand& comparand = report.comparison->comparand;
    return {
        {"with", comparedWithName(comparand.with)},
        {"label", comparandText(report.parameters, comparand, report.zone, TextStyle::kUnicode)},
        {"from", timeOrNull(comparand.parameters.from)},
        {"to", timeOrNull(comparand.parameters.to)},
        {"filters", filtersOf(comparand.parameters)}};
}

Json comparisonOf(const CityReport& report) {
    const CityComparison& comparison = *report.comparison;
    const auto& worst = comparison.worst;
    Json json = comparisonHead(report);
    json["total_users"] = comparison.overall.figures.users;
    json["headline"] = headlineOf(report, TextStyle::kUnicode);
    json["overall"] = comparedOf(comparison.overall);
    json["overall"].erase("p_value_adjusted");
    json["worst_city"] = worst ? Json(worst->city) : Json();
    json["worst_is_clear"] = worst && worst->is_clear;
    return json;
}

Json stepOf(const ComparedStep& step) {
    return {{"from", step.from},
            {"to", step.to},
            {"percent", orNull(step.percent)},
            {"other_percent", orNull(step.other_percent)},
            {"difference_points", orNull(step.difference_points)},
            {"p_value", orNull(step.p_value)},
            {"p_value_adjusted", orNull(step.p_value_adjusted)}};
}

Json comparisonOf(const StageReport& report) {
    const StageComparison& comparison = *report.comparison;
    const StageReport& other = *comparison.other;
    Json json = comparisonHead(report);
    json["total_users"] = other.total_users;
    json["total_events"] = other.total_events;
    json["users_inside_window"] = other.users_inside_window;
    json["headline"] = headlineOf(report, TextStyle::kUnicode);
    json["worst_step"] = comparison.worst ? stepOf(comparison.steps[*comparison.worst]) : Json();
    json["worst_is_clear"] = comparison.worst_is_clear;
    json["stages"] = Json::array();
    for (const StageRow& row : other.stages) json["stages"].push_back(stageOf(row));
    json["steps"] = Json::array();
    for (const ComparedStep& step : comparison.steps) json["steps"].push_back(stepOf(step));
    return json;
}

Json shrinkageOf(const CityReport& report) {
    const auto& found = report.shrinkage;
    if (!found)
        return {{"cities", 0},
                {"mean_percent", nullptr},
                {"correlation", nullptr},
                {"prior_users", nullptr}};
    return {{"cities", report.total_cities},
            {"mean_percent", 100.0 * found->mean},
            {"correlation", found->correlation},
            {"prior_users", orNull(priorUsers(*found))}};
}

// How many cities have each verdict, whether they have a row or not.
Json verdictsOf(const CityReport& report) {
    Json verdicts = Json::object();
    for (std::size_t i = 0; i < kVerdictNames.size(); ++i)
        verdicts[std::string(kVerdictNames[i])] = report.verdicts[i];
    return verdicts;
}

// Null where the report has several, and its amounts say which.
Json currencyOf(const Money& amounts) {
    return amounts.size() == 1 ? Json(amounts.begin()->first) : Json();
}

Json stagePercentOf(const std::vector<std::optional<double>>& percent,
                    const std::vector<Stage>& stages) {
    Json by_stage = Json::object();
    for (std::size_t i = 0; i < stages.size(); ++i) by_stage[stages[i].name] = orNull(percent[i]);
    return by_stage;
}

Json othersOf(const std::optional<OtherCities>& others, const std::vector<Stage>& stages) {
    if (!others) return {};
    Json row = {{"cities", others->cities},
                {"users", others->figures.users},
                {"share_of_users_percent", orNull(others->share_of_users_percent)},
                {"stage_percent", stagePercentOf(others->stage_percent, stages)}};
    addConversion(row, others->figures);
    return row;
}

Json cityOf(const CityRow& city, const std::vector<Stage>& stages, bool compared) {
    Json row = {{"rank", orNull(city.rank)},
                {"city", city.city},
                {"users", city.figures.users},
                {"share_of_users_percent", orNull(city.share_of_users_percent)},
                {"stage_percent", stagePercentOf(city.stage_percent, stages)}};
    addConversion(row, city.figures);
    row["weakest_step"] = weakestStepOf(city.weakest_step);
    row["p_value"] = orNull(city.p_value);
    row["p_value_adjusted"] = orNull(city.p_value_adjusted);
    row["verdict"] = city.verdict ? Json(verdictName(*city.verdict)) : Json();
    row["users_needed"] = orNull(city.users_needed);
    row["conversion_shrunken_percent"] = orNull(city.conversion_shrunken_percent);
    row["gap"] = gapOf(city.gap);
    if (compared) row["compared"] = comparedOf(city.compared);
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
    if (report.comparison) json["comparison"] = comparisonOf(report);
    return textOf(json);
}

std::string renderJson(const CityReport& report) {
    Json json = headOf(report);
    json["total_users"] = report.overall.users;
    json["generated_at"] = formatUtc(report.generated_at);
    json["notes"] = report.notes;
    json["overall"] = {{"users", report.overall.users}};
    addConversion(json["overall"], report.overall);
    json["currency"] = currencyOf(report.overall.revenue);
    json["verdicts"] = verdictsOf(report);
    json["users_needed"] = orNull(report.users_needed);
    json["shrinkage"] = shrinkageOf(report);
    json["total_cities"] = report.total_cities;
    json["matching_cities"] = report.matching_cities;
    json["cities"] = Json::array();
    json["others"] = othersOf(report.others, report.stages);
    if (report.comparison) json["comparison"] = comparisonOf(report);
    // Thousands of cities, a line each: as one document they would cost five times as much.
    std::vector<std::string> cities;
    cities.reserve(report.cities.size());
    for (const CityRow& row : report.cities)
        cities.push_back(cityOf(row, report.stages, report.comparison.has_value()).dump());
    return textOf(json, "cities", cities);
}

}  // namespace footfall
