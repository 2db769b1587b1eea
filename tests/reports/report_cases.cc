// report_cases [--cases N] [--first I] [--seed S]: prints random cases, one JSON object a line,
// each with the reports as Footfall computes them on a real database. tests/reports/model.py
// checks them.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "report/json_parts.h"
#include "report/render_json.h"
#include "report/render_trend.h"
#include "support/check.h"
#include "tests/reports/random_case.h"
#include "tests/reports/report_store.h"

namespace footfall {
namespace {

constexpr std::uint64_t kCasesPerStore = 250;

Json textOrNull(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json microsOrNull(const std::optional<UtcTime>& time) {
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
    return {{"from_us", microsOrNull(parameters.from)},
            {"to_us", microsOrNull(parameters.to)},
            {"new_users", parameters.new_users},
            {"city", orNull(parameters.city)},
            {"device", orNull(parameters.device)},
            {"channel", orNull(parameters.channel)},
            {"window_us", parameters.window ? Json(parameters.window->count()) : Json()},
            {"margin", parameters.margin},
            {"sort", sortName(parameters.sort)},
            {"by", stepName(parameters.by)}};
}

Json journeyToJson(const Journey& journey) {
    Json stages = Json::array();
    for (const Stage& stage : journey.stages)
        stages.push_back({{"name", stage.name},
                          {"optional", stage.optional},
                          {"event_types", stage.event_types}});
    return stages;
}

Json answer(const RandomCase& random, std::uint64_t index, ReportStore& store) {
    const auto request = parseReportRequest(random.query, TimeZone::utc());
    CHECK(request.has_value(), "random parameters are right");
    store.replaceAll(random.events);
    const ReportSettings settings{
        .zone = *TimeZone::named(random.zone), .currency = random.currency, .now = random.now};
    const auto stages =
        computeStageReport(store.database(), random.journey, request->parameters, settings);
    const auto cities =
        computeCityReport(store.database(), random.journey, request->parameters, settings);
    const auto trend =
        computeTrendReport(store.database(), random.journey, request->parameters, settings);
    CHECK(trend.has_value(), trend.error().what.c_str());
    CHECK(stages.has_value(), stages.error().what.c_str());
    CHECK(cities.has_value(), cities.error().what.c_str());

    Json events = Json::array();
    for (const StoredEvent& event : random.events) events.push_back(eventToJson(event));
    return {{"case", index},
            {"journey", journeyToJson(random.journey)},
            {"currency", random.currency},
            {"zone", random.zone},
            {"now_us", microsSinceEpoch(random.now)},
            {"parameters", parametersToJson(request->parameters)},
            {"events", std::move(events)},
            {"stages", Json::parse(renderJson(*stages))},
            {"cities", Json::parse(renderJson(*cities))},
            {"trend", Json::parse(renderJson(*trend))}};
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
