// report_cases [--cases N] [--first I] [--seed S]: prints random cases, one JSON object a line,
// each with the reports as Footfall computes them on a real database. tests/reports/model.py
// checks them.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/city_page.h"
#include "report/filter_values.h"
#include "report/json_parts.h"
#include "report/render_json.h"
#include "report/render_trend.h"
#include "support/check.h"
#include "tests/reports/indexed_store.h"
#include "tests/reports/random_case.h"
#include "tests/reports/report_store.h"

namespace footfall {
namespace {

constexpr std::uint64_t kCasesPerStore = 250;
constexpr std::size_t kFiltersMax = 1'000;

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

Json verdictNames(const std::vector<Verdict>& verdicts) {
    Json names = Json::array();
    for (const Verdict verdict : verdicts) names.push_back(verdictName(verdict));
    return names;
}

Json journeyToJson(const Journey& journey) {
    Json stages = Json::array();
    for (const Stage& stage : journey.stages)
        stages.push_back({{"name", stage.name},
                          {"optional", stage.optional},
                          {"event_types", stage.event_types}});
    return stages;
}

// What is compared, as it was asked for; null: nothing.
Json comparisonToJson(const std::vector<QueryPair>& query) {
    Json json;
    for (const auto& [name, value] : query)
        if (name.starts_with("compare")) json[name] = value;
    return json;
}

template <class Report>
using Compute = Result<Report> (*)(Database&, const Journey&, const ReportParameters&,
                                   const ReportSettings&);

struct Reports {
    std::string stages;
    std::string cities;
    std::string trend;
    std::string filters;
};

void checkSame(std::uint64_t index, const Reports& by_index, const Reports& by_sql) {
    for (const auto report :
         {&Reports::stages, &Reports::cities, &Reports::trend, &Reports::filters})
        CHECK(by_index.*report == by_sql.*report,
              fmt::format("case {}: the index counts as SQL does\nindex: {}\nSQL:   {}", index,
                          by_index.*report, by_sql.*report)
                  .c_str());
}

// Asks for the reports of one case, as the API does.
class Asker {
  public:
    // `index`: nullptr: SQL counts.
    Asker(const RandomCase& random, Database& database, JourneyIndex* index, SequenceNumber applied)
        : random_(random),
          database_(database),
          settings_{.zone = *TimeZone::named(random.zone),
                    .currency = random.currency,
                    .now = random.now,
                    .index = index,
                    .applied = applied} {}

    Reports all(const ReportRequest& request) {
        return {.stages = stages(request),
                .cities = cities(request),
                .trend = trend(request),
                .filters = filters(request)};
    }

    // How many reports it asked for.
    int asked() const { return asked_; }

  private:
    std::string stages(const ReportRequest& request) {
        const StageReport here = computed(&computeStageReport, request.parameters);
        const auto& comparand = request.comparand;
        if (!comparand) return renderJson(here);
        auto other = std::make_shared<const StageReport>(
            computed(&computeStageReport, comparand->parameters));
        return renderJson(compareStages(here, *comparand, std::move(other)));
    }
    std::string cities(const ReportRequest& request) {
        CityReport here = computed(&computeCityReport, request.parameters);
        const auto& comparand = request.comparand;
        if (comparand && comparand->with != ComparedWith::kOthers)
            here = compareCities(here, *comparand,
                                 computed(&computeCityReport, comparand->parameters));
        return renderJson(pageOf(here, request.page));
    }
    std::string trend(const ReportRequest& request) {
        return renderJson(computed(&computeTrendReport, request.parameters));
    }
    std::string filters(const ReportRequest& request) {
        return renderJson(computed(&countForFilters, request.parameters).counts, random_.journey,
                          kFiltersMax, "");
    }
    template <class Report>
    Report computed(Compute<Report> compute, const ReportParameters& parameters) {
        ++asked_;
        auto report = compute(database_, random_.journey, parameters, settings_);
        CHECK(report.has_value(), report.error().what.c_str());
        return std::move(*report);
    }

    const RandomCase& random_;
    Database& database_;
    const ReportSettings settings_;
    int asked_ = 0;
};

Json answer(const RandomCase& random, std::uint64_t index, ReportStore& store) {
    const auto request = parseReportRequest(random.query, TimeZone::utc());
    CHECK(request.has_value(), request.error().what.c_str());
    const auto way = static_cast<IndexedStore::Way>(index % IndexedStore::kWays);
    IndexedStore indexed(store, random.journey, random.currency, random.events, way);
    Asker sql(random, store.database(), nullptr, {});
    Asker by_index(random, store.database(), &indexed.index(), indexed.applied());
    const Reports reports = sql.all(*request);
    checkSame(index, by_index.all(*request), reports);
    CHECK(indexed.counted() == by_index.asked(), "the index counts whatever is asked");
    const CityPage& page = request->page;

    Json events = Json::array();
    for (const StoredEvent& event : random.events) events.push_back(eventToJson(event));
    return {{"case", index},
            {"journey", journeyToJson(random.journey)},
            {"currency", random.currency},
            {"zone", random.zone},
            {"now_us", microsSinceEpoch(random.now)},
            {"parameters", parametersToJson(request->parameters)},
            {"compare", comparisonToJson(random.query)},
            {"page",
             {{"top", orNull(page.top)},
              {"offset", page.offset},
              {"search", page.search},
              {"name", page.name},
              {"verdicts", verdictNames(page.verdicts)}}},
            {"events", std::move(events)},
            {"stages", Json::parse(reports.stages)},
            {"cities", Json::parse(reports.cities)},
            {"trend", Json::parse(reports.trend)}};
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
