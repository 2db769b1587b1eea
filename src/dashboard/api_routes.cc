#include "dashboard/api_routes.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "dashboard/api_answers.h"
#include "dashboard/event_types.h"
#include "dashboard/query_parameters.h"
#include "dashboard/result_table.h"
#include "dashboardFiles.h"
#include "report/city_page.h"
#include "report/city_report.h"
#include "report/render.h"
#include "report/stage_report.h"
#include "support/thread_name.h"

namespace footfall {
namespace {

using Json = nlohmann::ordered_json;

// The position of a folder that is open for reading: what is in it stays as it is.
constexpr SequenceNumber kNothingComesIn{};
// How long an EventSource waits before it connects again.
constexpr std::string_view kLiveBegin = "retry: 1000\n\n";

// One city beside another is what the stages show.
Result<void> comparesCities(const ReportRequest& request) {
    const Comparand& comparand = *request.comparand;
    if (comparand.with == ComparedWith::kOthers ||
        comparand.parameters.city != request.parameters.city)
        return fail(Code::kInvalidArgument,
                    "compare: others and another city are for the report stages");
    return {};
}

}  // namespace

ApiRoutes::ApiRoutes(ApiOptions options, Database& database, const Clock& clock)
    : options_(std::move(options)), database_(database), clock_(clock), pool_(options_.pool) {
    if (!options_.audit) return;
    live_ = std::make_unique<LiveFeed>(
        LiveFeedOptions{.audit = options_.audit,
                        .journey = options_.journeys.empty() ? Journey() : options_.journeys[0],
                        .streams_max = options_.live_streams_max},
        database_, clock_);
    live_thread_ = std::jthread([this](std::stop_token stop) {
        nameThisThread("live stream");
        live_->run(std::move(stop));
    });
}

std::span<const ApiRoutes::Route> ApiRoutes::routes() {
    static constexpr std::array kRoutes = {
        Route{"GET", "/openapi.json", false, &ApiRoutes::openApi},
        Route{"GET", "/api/v1/reports/stages", true, &ApiRoutes::stages},
        Route{"GET", "/api/v1/reports/cities", true, &ApiRoutes::cities},
        Route{"GET", "/api/v1/reports/trend", true, &ApiRoutes::trend},
        Route{"GET", "/api/v1/filters", true, &ApiRoutes::filters},
        Route{"GET", "/api/v1/live", false, &ApiRoutes::live},
        Route{"GET", "/api/v1/audit", false, &ApiRoutes::audit},
        Route{"GET", "/api/v1/journeys", false, &ApiRoutes::journeys},
        Route{"GET", "/api/v1/events", true, &ApiRoutes::events},
        Route{"POST", "/api/v1/sql", true, &ApiRoutes::sql},
    };
    return kRoutes;
}

void ApiRoutes::handle(const Route& route, HttpRequest&& request,
                       const HttpServer::Respond& respond) {
    if (!route.queries) return respond(run(route, request));
    auto task = [this, &route, request = std::move(request), respond] {
        respond(request.isAbandoned() ? abandonedAnswer() : run(route, request));
    };
    if (pool_.tryRun(std::move(task))) return;
    respond(
        busyAnswer("too_many_reports", "other reports are being computed; ask again in a second"));
}

HttpResponse ApiRoutes::answer(const HttpRequest& request) {
    const std::string_view path =
        std::string_view(request.target).substr(0, request.target.find('?'));
    for (const Route& route : routes())
        if (route.path == path && route.method == request.method) return run(route, request);
    return errorResponse(404, "not_found", "there is nothing at this path");
}

HttpResponse ApiRoutes::run(const Route& route, const HttpRequest& request) {
    const auto target = splitTarget(request.target);
    if (!target) return errorAnswer(target.error());
    return (this->*route.answer)(request, *target);
}

Result<ApiRoutes::Context> ApiRoutes::contextOf(const std::string& journey,
                                                SequenceNumber applied) const {
    auto found = findJourney(options_.journeys, journey);
    if (!found) return std::unexpected(found.error());
    return Context{.journey = std::move(*found),
                   .settings = {.zone = options_.zone,
                                .currency = options_.currency,
                                .now = clock_.utcNow(),
                                .index = options_.index,
                                .applied = applied}};
}

Result<ApiRoutes::Context> ApiRoutes::contextOf(const ReportRequest& request) const {
    SequenceNumber applied = kNothingComesIn;
    if (options_.audit) {
        const auto audit = options_.audit();
        if (!audit) return std::unexpected(audit.error());
        applied = audit->applied.last;
    }
    return contextOf(request.parameters.journey,
                     std::min(request.with_event.value_or(applied), applied));
}

template <class Counts>
auto ApiRoutes::counted(const Context& context, const ReportParameters& parameters,
                        LatestCounts<Counts>& latest, Count<Counts> count)
    -> Result<typename LatestCounts<Counts>::Kept> {
    const ReportParameters of = countedFor(parameters);
    return latest.to(
        {.question = of, .applied = context.settings.applied, .now = context.settings.now},
        [&] { return count(database_, context.journey, of, context.settings); });
}

Result<StageReport> ApiRoutes::stageReport(const Context& context,
                                           const ReportParameters& parameters) {
    const auto counts = counted(context, parameters, latest_stages_, &countForStages);
    if (!counts) return std::unexpected(counts.error());
    return stageReportOf(**counts, context.journey, parameters, context.settings);
}

Result<ApiRoutes::CityReportPointer> ApiRoutes::cityReport(const Context& context,
                                                           const ReportParameters& parameters) {
    const auto counts = counted(context, parameters, latest_cities_, &countForCities);
    if (!counts) return std::unexpected(counts.error());
    return made_cities_.of(*counts, parameters, [&] {
        return cityReportOf(**counts, context.journey, parameters, context.settings);
    });
}

template <class Report>
HttpResponse ApiRoutes::written(ReportRequest request, const Report& report) {
    request.table.source = options_.source();
    return textAnswer(contentType(request.format), render(report, request.format, request.table));
}

HttpResponse ApiRoutes::openApi(const HttpRequest&, const HttpTarget& target) {
    if (const auto none = parseQuery(target.query, {}); !none) return errorAnswer(none.error());
    return textAnswer("application/json",
                      std::string(dashboardFiles("src/dashboard/openapi.json")));
}

HttpResponse ApiRoutes::stages(const HttpRequest&, const HttpTarget& target) {
    const auto asked = parseReportRequest(target.query, options_.zone);
    if (!asked) return errorAnswer(asked.error());
    const auto context = contextOf(*asked);
    if (!context) return errorAnswer(context.error());
    const auto report = stageReport(*context, asked->parameters);
    if (!report) return errorAnswer(report.error());
    if (!asked->comparand) return written(*asked, *report);
    auto other = stageReport(*context, asked->comparand->parameters);
    if (!other) return errorAnswer(other.error());
    return written(*asked, compareStages(*report, *asked->comparand,
                                         std::make_shared<const StageReport>(std::move(*other))));
}

HttpResponse ApiRoutes::cities(const HttpRequest&, const HttpTarget& target) {
    const auto asked = parseReportRequest(target.query, options_.zone);
    if (!asked) return errorAnswer(asked.error());
    if (asked->comparand)
        if (const auto fits = comparesCities(*asked); !fits) return errorAnswer(fits.error());
    const auto context = contextOf(*asked);
    if (!context) return errorAnswer(context.error());
    auto report = cityReport(*context, asked->parameters);
    if (!report) return errorAnswer(report.error());
    if (asked->comparand) {
        const auto other = cityReport(*context, asked->comparand->parameters);
        if (!other) return errorAnswer(other.error());
        *report =
            std::make_shared<const CityReport>(compareCities(**report, *asked->comparand, **other));
    }
    if (asked->page.isWhole()) return written(*asked, **report);
    return written(*asked, pageOf(**report, asked->page));
}

HttpResponse ApiRoutes::trend(const HttpRequest&, const HttpTarget& target) {
    const auto asked = parseReportRequest(target.query, options_.zone);
    if (!asked) return errorAnswer(asked.error());
    if (asked->comparand)
        return errorAnswer(Error{Code::kInvalidArgument, "compare: is for stages and cities"});
    const auto context = contextOf(*asked);
    if (!context) return errorAnswer(context.error());
    const auto counts = counted(*context, asked->parameters, latest_trends_, &countForTrend);
    if (!counts) return errorAnswer(counts.error());
    const auto report =
        trendReportOf(**counts, context->journey, asked->parameters, context->settings);
    if (!report) return errorAnswer(report.error());
    return written(*asked, *report);
}

HttpResponse ApiRoutes::filters(const HttpRequest&, const HttpTarget& target) {
    auto asked = parseQuery(target.query, {"journey", "top", "search"});
    if (!asked) return errorAnswer(asked.error());
    const auto top = topOf(*asked);
    if (!top) return errorAnswer(top.error());
    ReportParameters parameters;
    if (asked->contains("journey")) parameters.journey = asked->at("journey");
    const std::string search = (*asked)["search"];
    if (!isText(search)) return errorResponse(400, "invalid_parameter", "search: is not a text");
    // Somebody types letter by letter, and no letter waits for a count of its own.
    const auto context = contextOf(parameters.journey, kNothingComesIn);
    if (!context) return errorAnswer(context.error());
    const auto values = counted(*context, parameters, latest_filters_, &countForFilters);
    if (!values) return errorAnswer(values.error());
    return textAnswer("application/json",
                      renderJson((*values)->counts, context->journey, *top, search));
}

HttpResponse ApiRoutes::live(const HttpRequest& request, const HttpTarget& target) {
    if (const auto none = parseQuery(target.query, {}); !none) return errorAnswer(none.error());
    if (!live_) return errorResponse(404, "not_found", "no server is running on this folder");
    HttpResponse response = textAnswer("text/event-stream", std::string(kLiveBegin));
    response.headers.emplace_back("Cache-Control", "no-store");
    if (request.method == "HEAD") return response;
    response.stream = live_->join();
    if (!response.stream)
        return busyAnswer("too_many_streams", "too many live streams are open; close one");
    return response;
}

HttpResponse ApiRoutes::audit(const HttpRequest&, const HttpTarget& target) {
    if (const auto none = parseQuery(target.query, {}); !none) return errorAnswer(none.error());
    if (!options_.audit)
        return errorResponse(404, "not_found", "no server is running on this folder");
    const auto audit = options_.audit();
    if (!audit) return errorAnswer(audit.error());
    return textAnswer("application/json", toJson(*audit) + "\n");
}

HttpResponse ApiRoutes::journeys(const HttpRequest&, const HttpTarget& target) {
    if (const auto none = parseQuery(target.query, {}); !none) return errorAnswer(none.error());
    Json journeys = Json::array();
    for (const Journey& journey : options_.journeys) {
        Json stages = Json::array();
        for (const Stage& stage : journey.stages)
            stages.push_back({{"stage", stage.name},
                              {"position", stages.size() + 1},
                              {"optional", stage.optional},
                              {"event_types", stage.event_types}});
        journeys.push_back({{"journey", journey.name}, {"stages", std::move(stages)}});
    }
    return jsonAnswer({{"journeys", std::move(journeys)}});
}

HttpResponse ApiRoutes::events(const HttpRequest&, const HttpTarget& target) {
    const auto parameters = parseQuery(target.query, {"journey", "format"});
    if (!parameters) return errorAnswer(parameters.error());
    const auto format = formatOf(*parameters);
    if (!format) return errorAnswer(format.error());
    const std::string name =
        parameters->contains("journey") ? parameters->at("journey") : ReportParameters().journey;
    const auto journey = findJourney(options_.journeys, name);
    if (!journey) return errorAnswer(journey.error());
    const auto types = eventTypesSeen(database_, *journey, options_.query_timeout);
    if (!types) return errorAnswer(types.error());
    return textAnswer(contentType(*format), renderEventTypes(*types, *journey, *format));
}

HttpResponse ApiRoutes::sql(const HttpRequest& request, const HttpTarget& target) {
    const auto parameters = parseQuery(target.query, {"format"});
    if (!parameters) return errorAnswer(parameters.error());
    const auto format = formatOf(*parameters);
    if (!format) return errorAnswer(format.error());
    auto sql = sqlOf(request.body);
    if (!sql) return errorAnswer(sql.error());
    const auto result = database_.queryReadOnly({.sql = std::move(*sql),
                                                 .shadows = {},
                                                 .rows_max = options_.sql_rows_max,
                                                 .timeout = options_.query_timeout});
    if (!result) return errorAnswer(result.error());
    return textAnswer(contentType(*format), renderResult(*result, *format));
}

}  // namespace footfall
