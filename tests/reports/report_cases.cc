// report_cases [--cases N] [--first I] [--seed S]: prints random cases, one JSON object a line,
// each with both reports as Footfall computes them on a real database. tests/reports/model.py
// checks them.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/render_json.h"
#include "support/check.h"
#include "tests/reports/indexed_store.h"
#include "tests/reports/random_case.h"
#include "tests/reports/report_store.h"

namespace footfall {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kCasesPerStore = 250;

Json textOrNull(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

template <class T>
Json orNull(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json timeOrNull(const std::optional<UtcTime>& time) {
    return time ? Json(microsSinceEpoch(*time)) : Json();
}

Json eventToJson(const StoredEvent& event) {
    const bool has_amount = event.amount_ten_thousandths != EventBatch::kNoAmount;
    return {{"event_id", toString(event.id)},
            {"t", event.timestamp_us},
            {"user_id", event.user_id},
            {"anonymous_id", event.anonymous_id},
            {"event_type", event.event_type},
            {"city", event.city},
            {"device", textOrNull(event.device)},
            {"channel", textOrNull(event.channel)},
            {"product_id", textOrNull(event.product_id)},
            {"order_id", textOrNull(event.order_id)},
            {"currency", textOrNull(event.currency)},
            {"amount", has_amount ? Json(event.amount_ten_thousandths) : Json()}};
}

Json parametersToJson(const ReportParameters& parameters) {
    return {{"from_us", timeOrNull(parameters.from)},
            {"to_us", timeOrNull(parameters.to)},
            {"new_users", parameters.new_users},
            {"city", orNull(parameters.city)},
            {"device", orNull(parameters.device)},
            {"channel", orNull(parameters.channel)},
            {"window_us", parameters.window ? Json(parameters.window->count()) : Json()},
            {"margin", parameters.margin},
            {"sort", sortName(parameters.sort)}};
}

Json journeyToJson(const Journey& journey) {
    Json stages = Json::array();
    for (const Stage& stage : journey.stages)
        stages.push_back({{"name", stage.name},
                          {"optional", stage.optional},
                          {"event_types", stage.event_types}});
    return stages;
}

struct Reports {
    std::string stages;
    std::string cities;
};

Reports reportsOf(Database& database, const RandomCase& random, const ReportParameters& parameters,
                  const ReportSettings& settings) {
    const auto stages = computeStageReport(database, random.journey, parameters, settings);
    const auto cities = computeCityReport(database, random.journey, parameters, settings);
    CHECK(stages.has_value(), stages.error().what.c_str());
    CHECK(cities.has_value(), cities.error().what.c_str());
    return {.stages = renderJson(*stages), .cities = renderJson(*cities)};
}

std::string differenceIn(std::uint64_t index, const std::string& found, const std::string& by_sql) {
    return fmt::format("case {}: the index counts as SQL does\nindex: {}\nSQL:   {}", index, found,
                       by_sql);
}

Json answer(const RandomCase& random, std::uint64_t index, ReportStore& store) {
    const auto request = parseReportRequest(random.query, TimeZone::utc());
    CHECK(request.has_value(), "random parameters are right");
    const auto way = static_cast<IndexedStore::Way>(index % IndexedStore::kWays);
    IndexedStore indexed(store, random.journey, random.currency, random.events, way);
    ReportSettings settings{.zone = TimeZone::utc(), .currency = random.currency};
    const Reports by_sql = reportsOf(store.database(), random, request->parameters, settings);
    settings.index = &indexed.index();
    settings.applied = indexed.applied();
    const Reports by_index = reportsOf(store.database(), random, request->parameters, settings);
    CHECK(indexed.leftToSql() == 0, "the index counts whatever is asked");
    CHECK(by_index.stages == by_sql.stages,
          differenceIn(index, by_index.stages, by_sql.stages).c_str());
    CHECK(by_index.cities == by_sql.cities,
          differenceIn(index, by_index.cities, by_sql.cities).c_str());

    Json events = Json::array();
    for (const StoredEvent& event : random.events) events.push_back(eventToJson(event));
    return {{"case", index},
            {"journey", journeyToJson(random.journey)},
            {"currency", random.currency},
            {"parameters", parametersToJson(request->parameters)},
            {"events", std::move(events)},
            {"stages", Json::parse(by_sql.stages)},
            {"cities", Json::parse(by_sql.cities)}};
}

}  // namespace
}  // namespace footfall

int main(int argc, char** argv) {
    CLI::App app("random report cases");
    std::uint64_t cases = 1000;
    std::uint64_t first = 0;
    std::uint64_t seed = 1;
    app.add_option("--cases", cases);
    app.add_option("--first", first);
    app.add_option("--seed", seed);
    CLI11_PARSE(app, argc, argv);

    std::unique_ptr<footfall::ReportStore> store;
    for (std::uint64_t index = first; index < first + cases; ++index) {
        // Emptied tables keep their deleted rows until they are rewritten.
        if (!store || index % footfall::kCasesPerStore == 0)
            store = std::make_unique<footfall::ReportStore>();
        std::cout << footfall::answer(footfall::randomCase(seed, index), index, *store).dump()
                  << "\n";
    }
    return 0;
}
