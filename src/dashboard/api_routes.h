#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "dashboard/audit.h"
#include "dashboard/latest_made.h"
#include "dashboard/live_feed.h"
#include "dashboard/task_pool.h"
#include "database/database.h"
#include "event/journey.h"
#include "journey_index/latest_answers.h"
#include "report/city_report.h"
#include "report/counted.h"
#include "report/filter_values.h"
#include "report/report_parameters.h"
#include "report/stage_report.h"
#include "report/trend_report.h"
#include "support/clock.h"
#include "support/http.h"
#include "support/time_text.h"

namespace footfall {

struct ApiOptions {
    std::vector<Journey> journeys;
    TimeZone zone = TimeZone::local();
    std::string currency = "INR";         // of amounts that came without one
    std::function<std::string()> source;  // where the figures come from, for people
    // None: no events can come in, the audit is not there. An error: the database is away.
    std::function<Result<Audit>()> audit;
    JourneyIndex* index = nullptr;  // of the reports; nullptr: there is none
    TaskPool::Options pool;
    std::size_t sql_rows_max = 10'000;
    std::chrono::milliseconds query_timeout{30'000};
    std::size_t live_streams_max = LiveFeedOptions().streams_max;
};

// ApiRoutes: answers what is under /api/v1/: the reports and what belongs to them, and the live
// stream. The routes and their answers are those of docs/api.md.
// Threads: all members, any thread; what queries the database runs on a few threads of its own.
// Blocks: handle() never; answer() until it is done; the destructor until running queries end.
// Bounds: TaskPool::Options; beyond it 429.
// Errors: answers of the standard shape; a wrong, repeated or unknown parameter is a 400 naming it.
// Outlives: nothing; `database` and `clock` outlive it.
class ApiRoutes {
  public:
    struct Route {
        std::string_view method;
        std::string_view path;
        bool queries;  // takes its time: not for a reactor
        HttpResponse (ApiRoutes::*answer)(const HttpRequest&, const HttpTarget&);
    };

    ApiRoutes(ApiOptions options, Database& database, const Clock& clock);

    // What is registered at the HTTP server.
    static std::span<const Route> routes();
    void handle(const Route& route, HttpRequest&& request, const HttpServer::Respond& respond);
    // The same answer without a server, for a data folder that none holds.
    HttpResponse answer(const HttpRequest& request);

  private:
    HttpResponse openApi(const HttpRequest& request, const HttpTarget& target);
    HttpResponse stages(const HttpRequest& request, const HttpTarget& target);
    HttpResponse cities(const HttpRequest& request, const HttpTarget& target);
    HttpResponse trend(const HttpRequest& request, const HttpTarget& target);
    HttpResponse filters(const HttpRequest& request, const HttpTarget& target);
    HttpResponse live(const HttpRequest& request, const HttpTarget& target);
    HttpResponse audit(const HttpRequest& request, const HttpTarget& target);
    HttpResponse journeys(const HttpRequest& request, const HttpTarget& target);
    HttpResponse events(const HttpRequest& request, const HttpTarget& target);
    HttpResponse sql(const HttpRequest& request, const HttpTarget& target);

    // What a report needs besides its parameters.
    struct Context {
        Journey journey;
        ReportSettings settings;
    };
    Result<Context> contextOf(const std::string& journey, SequenceNumber applied) const;
    // Of a report that has what `request` wants it to have.
    Result<Context> contextOf(const ReportRequest& request) const;
    template <class Counts>
    using Count = Result<Counted<Counts>> (*)(Database&, const Journey&, const ReportParameters&,
                                              const ReportSettings&);
    template <class Counts>
    using LatestCounts = LatestAnswers<ReportParameters, Counted<Counts>>;
    template <class Counts>
    Result<typename LatestCounts<Counts>::Kept> counted(const Context& context,
                                                        const ReportParameters& parameters,
                                                        LatestCounts<Counts>& latest,
                                                        Count<Counts> count);
    Result<StageReport> stageReport(const Context& context, const ReportParameters& parameters);
    using CityReportPointer = std::shared_ptr<const CityReport>;
    Result<CityReportPointer> cityReport(const Context& context,
                                         const ReportParameters& parameters);
    template <class Report>
    HttpResponse written(ReportRequest request, const Report& report);
    HttpResponse run(const Route& route, const HttpRequest& request);

    // Of each kind: a page has a few beside one another. One of 5,000 cities takes some 2 MB.
    static constexpr std::size_t kCountsKept = 8;
    static constexpr std::size_t kCitiesMade = 3;  // of 5,000 cities, some 5 MB each
    static constexpr std::chrono::seconds kCountsAgeMax{60};
    static constexpr std::chrono::seconds kFiltersAgeMax{10};

    const ApiOptions options_;
    Database& database_;
    const Clock& clock_;
    LatestCounts<StageCounts> latest_stages_{kCountsKept, kCountsAgeMax};
    LatestCounts<CityCounts> latest_cities_{kCountsKept, kCountsAgeMax};
    LatestMade<CityCounts, CityReport> made_cities_{kCitiesMade};
    LatestCounts<TrendCounts> latest_trends_{kCountsKept, kCountsAgeMax};
    LatestCounts<FilterCounts> latest_filters_{kCountsKept, kFiltersAgeMax};
    std::unique_ptr<LiveFeed> live_;  // null: no events can come in
    TaskPool pool_;                   // after all that its tasks use
    std::jthread live_thread_;
};

}  // namespace footfall
