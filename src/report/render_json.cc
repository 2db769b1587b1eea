#include "report/render_json.h"

#include "report/json_parts.h"
#include "report/json_writer.h"
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

void write(JsonWriter& out, const Money& money);
void write(JsonWriter& out, const WeakestStep& step);
void write(JsonWriter& out, const Gap& gap);
void write(JsonWriter& out, const ComparedFigures& compared);
void write(JsonWriter& out, const CityFigures& overall);

template <class T>
void writeMember(JsonWriter& out, std::string_view name, const T& value) {
    out.name(name);
    write(out, value);
}

template <class T>
void writeMember(JsonWriter& out, std::string_view name, const std::optional<T>& value) {
    if (value) return writeMember(out, name, *value);
    out.name(name);
    out.null();
}

// For what a document has once.
template <class T>
Json documentOf(const T& value) {
    JsonWriter out;
    write(out, value);
    return Json::parse(out.take());
}

// One currency: a decimal string. Several: an object by currency.
void write(JsonWriter& out, const Money& money) {
    if (money.size() == 1) return out.value(toString(money.begin()->second));
    out.beginObject();
    for (const auto& [currency, amount] : money) out.member(currency, toString(amount));
    out.end();
}

void writeConversion(JsonWriter& out, const CityFigures& figures) {
    out.member("buyers", figures.buyers);
    out.member("conversion_percent", figures.conversion_percent);
    out.member("conversion_low_percent", figures.conversion_low_percent);
    out.member("conversion_high_percent", figures.conversion_high_percent);
    out.member("orders", figures.orders);
    writeMember(out, "revenue", figures.revenue);
    writeMember(out, "average_order_value", figures.average_order_value);
    writeMember(out, "revenue_per_user", figures.revenue_per_user);
}

void write(JsonWriter& out, const CityFigures& overall) {
    out.beginObject();
    out.member("users", overall.users);
    writeConversion(out, overall);
    out.end();
}

void write(JsonWriter& out, const WeakestStep& step) {
    out.beginObject();
    out.member("from", step.from);
    out.member("to", step.to);
    out.member("percent", step.percent);
    out.member("elsewhere_percent", step.elsewhere_percent);
    out.member("missing_buyers", step.missing_buyers);
    out.end();
}

void write(JsonWriter& out, const Gap& gap) {
    out.beginObject();
    out.member("elsewhere_percent", gap.elsewhere_percent);
    out.member("points", gap.points);
    out.name("steps");
    out.beginArray();
    for (const GapStep& step : gap.steps) {
        out.beginObject();
        out.member("from", step.from);
        out.member("to", step.to);
        out.member("points", step.points);
        out.end();
    }
    out.end();
    out.member("other_order_points", gap.other_order_points);
    out.end();
}

void write(JsonWriter& out, const ComparedFigures& compared) {
    out.beginObject();
    out.member("users", compared.figures.users);
    writeConversion(out, compared.figures);
    out.member("difference_points", compared.difference_points);
    out.member("p_value", compared.p_value);
    out.member("p_value_adjusted", compared.p_value_adjusted);
    out.end();
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
    json["overall"] = documentOf(comparison.overall);
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

// What cities and the others have in common.
template <class Row>
void writeShares(JsonWriter& out, const Row& row, const std::vector<Stage>& stages) {
    out.member("users", row.figures.users);
    out.member("share_of_users_percent", row.share_of_users_percent);
    out.name("stage_percent");
    out.beginObject();
    for (std::size_t i = 0; i < stages.size(); ++i)
        out.member(stages[i].name, row.stage_percent[i]);
    out.end();
    writeConversion(out, row.figures);
}

Json othersOf(const std::optional<OtherCities>& others, const std::vector<Stage>& stages) {
    if (!others) return {};
    JsonWriter out;
    out.beginObject();
    out.member("cities", others->cities);
    writeShares(out, *others, stages);
    out.end();
    return Json::parse(out.take());
}

std::string cityText(const CityRow& city, const std::vector<Stage>& stages, bool compared) {
    JsonWriter out;
    out.beginObject();
    out.member("rank", city.rank);
    out.member("city", city.city);
    writeShares(out, city, stages);
    writeMember(out, "weakest_step", city.weakest_step);
    out.member("p_value", city.p_value);
    out.member("p_value_adjusted", city.p_value_adjusted);
    out.member("verdict", city.verdict.transform(verdictName));
    out.member("users_needed", city.users_needed);
    out.member("conversion_shrunken_percent", city.conversion_shrunken_percent);
    writeMember(out, "gap", city.gap);
    if (compared) writeMember(out, "compared", city.compared);
    out.end();
    return out.take();
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
    json["overall"] = documentOf(report.overall);
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
        cities.push_back(cityText(row, report.stages, report.comparison.has_value()));
    return textOf(json, "cities", cities);
}

}  // namespace footfall
