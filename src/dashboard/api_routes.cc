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

// The body is SQL itself, or {"sql": "…"}: SQL never begins with a brace.
Result<std::string> sqlOf(const std::string& body) {
    const std::size_t begin = body.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos)
        return fail(Code::kInvalidArgument, "the body is empty: send SQL, or {\"sql\": \"…\"}");
    if (body[begin] != '{') return body;
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object() || json.size() != 1 || !json.contains("sql") || !json["sql"].is_string())
        return fail(Code::kInvalidArgument, "the body must be {\"sql\": \"…\"} and nothing else");
    return json["sql"].get<std::string>();
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
    live_thread_ = std::jthread([this](std::stop_token stop) { live_->run(std::move(stop)); });
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
        respond(run(route, request));
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

template <class Report>
Result<std::shared_ptr<const Report>> ApiRoutes::find(const ReportParameters& parameters,
                                                      Source<Report> source) {
    const auto journey = findJourney(options_.journeys, parameters.journey);
    if (!journey) return std::unexpected(journey.error());
    SequenceNumber applied = kNothingComesIn;
    if (source.is_current && options_.audit) {
        const auto audit = options_.audit();
        if (!audit) return std::unexpected(audit.error());
        applied = audit->applied.last;
    }
    const ReportSettings settings{
        .zone = options_.zone, .currency = options_.currency, .now = clock_.utcNow()};
    if (auto known = source.latest.find(parameters, applied, settings.now)) return known;
    auto computed = source.compute(database_, *journey, parameters, settings);
    if (!computed) return std::unexpected(computed.error());
    auto report = std::make_shared<const Report>(std::move(*computed));
    source.latest.keep(report, applied);
    return report;
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
    const auto found = find(asked->parameters, stageSource());
    if (!found) return errorAnswer(found.error());
    if (!asked->comparand) return written(*asked, **found);
    const auto other = find(asked->comparand->parameters, stageSource());
    if (!other) return errorAnswer(other.error());
    return written(*asked, compareStages(**found, *asked->comparand, *other));
}

HttpResponse ApiRoutes::cities(const HttpRequest&, const HttpTarget& target) {
    const auto asked = parseReportRequest(target.query, options_.zone);
    if (!asked) return errorAnswer(asked.error());
    auto found = find(asked->parameters, citySource());
    if (!found) return errorAnswer(found.error());
    if (asked->comparand) {
        if (const auto fits = comparesCities(*asked); !fits) return errorAnswer(fits.error());
        const auto other = find(asked->comparand->parameters, citySource());
        if (!other) return errorAnswer(other.error());
        *found =
            std::make_shared<const CityReport>(compareCities(**found, *asked->comparand, **other));
    }
    return asked->page.isWhole() ? written(*asked, **found)
                                 : written(*asked, pageOf(**found, asked->page));
}

HttpResponse ApiRoutes::trend(const HttpRequest&, const HttpTarget& target) {
    const auto asked = parseReportRequest(target.query, options_.zone);
    if (!asked) return errorAnswer(asked.error());
    if (asked->comparand)
        return errorAnswer(Error{Code::kInvalidArgument, "compare: is for stages and cities"});
    const auto found = find(asked->parameters, trendSource());
    if (!found) return errorAnswer(found.error());
    return written(*asked, **found);
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
    const auto values = find(parameters, filterSource());
    if (!values) return errorAnswer(values.error());
    return textAnswer("application/json", renderJson(**values, *top, search));
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
