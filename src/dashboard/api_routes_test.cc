#include "dashboard/api_routes.h"

#include <algorithm>
#include <future>
#include <memory>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/duckdb_folder.h"
#include "tests/fakes/fake_clock.h"

namespace footfall {
namespace {

// Stores `count` events that were not there before.
void storeMore(Database& database, std::size_t count) {
    const auto applied = database.applied();
    ASSERT_TRUE(applied) << applied.error().what;
    const EventBatch batch = numberedEvents(applied->last.value + 1, count);
    const auto done = database.commit(commitOf(applied->last, {&batch}));
    ASSERT_TRUE(done) << done.error().what;
}

class ApiRoutesTest : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = folder_.open();
        ASSERT_TRUE(opened) << opened.error().what;
        database_ = std::move(*opened);
    }
    ApiRoutes routes(TaskPool::Options pool = {}) {
        return {{.journeys = {defaultJourney()},
                 .zone = TimeZone::utc(),
                 .source = [] { return std::string("test"); },
                 .audit = [] { return Audit(); },
                 .pool = pool},
                *database_,
                clock_};
    }
    static const ApiRoutes::Route& route(std::string_view path) {
        return *std::ranges::find(ApiRoutes::routes(), path, &ApiRoutes::Route::path);
    }
    static HttpRequest get(std::string target) {
        return {.target = std::move(target), .headers = {}, .body = {}};
    }

    DuckDbFolder folder_;
    std::unique_ptr<DuckDbDatabase> database_;
    FakeClock clock_;
};

TEST_F(ApiRoutesTest, refusesReportsBeyondWhatItsPoolHoldsAndStillTellsTheAudit) {
    ApiRoutes api = routes({.threads = 1, .waiting_max = 0});
    HttpResponse report;
    HttpResponse audit;

    api.handle(route("/api/v1/reports/stages"), get("/api/v1/reports/stages"),
               [&report](HttpResponse response) { report = std::move(response); });
    api.handle(route("/api/v1/audit"), get("/api/v1/audit"),
               [&audit](HttpResponse response) { audit = std::move(response); });

    EXPECT_EQ(report.status, 429u);
    EXPECT_EQ(headerValue(report.headers, "Retry-After"), "1");
    EXPECT_EQ(audit.status, 200u);
}

TEST_F(ApiRoutesTest, countsNothingForAClientThatHasGoneMeanwhile) {
    ApiRoutes api = routes();
    auto client = std::make_shared<const bool>(true);
    HttpRequest request = get("/api/v1/reports/stages");
    request.client = client;
    client.reset();
    std::promise<unsigned> status;

    api.handle(route("/api/v1/reports/stages"), std::move(request),
               [&status](const HttpResponse& response) { status.set_value(response.status); });

    EXPECT_EQ(status.get_future().get(), 408u);
}

// A server whose audit says what it is told to, with 100 events stored and shown.
class ApiRoutesReportTest : public ApiRoutesTest {
  protected:
    void SetUp() override {
        ApiRoutesTest::SetUp();
        api_ = std::make_unique<ApiRoutes>(ApiOptions{.journeys = {defaultJourney()},
                                                      .zone = TimeZone::utc(),
                                                      .source = [] { return std::string("test"); },
                                                      .audit = [this] { return audit_; },
                                                      .pool = {}},
                                           *database_, clock_);
        storeMore(*database_, 100);
        showWhatIsStored();
    }
    void showWhatIsStored() { audit_.applied = database_->applied().value(); }
    int totalEvents(const std::string& query) {
        const auto response = api_->answer(get("/api/v1/reports/stages" + query));
        return nlohmann::json::parse(response.body)["total_events"].get<int>();
    }

    Audit audit_;
    std::unique_ptr<ApiRoutes> api_;
};

TEST_F(ApiRoutesReportTest, isContentWithAReportThatHasTheEventAskedFor) {
    const int before = totalEvents("");
    storeMore(*database_, 100);
    showWhatIsStored();

    EXPECT_EQ(totalEvents("?with_event=100"), before);
    EXPECT_GT(totalEvents("?with_event=101"), before);
    EXPECT_GT(totalEvents("?with_event=100"), before) << "the newer one is there";
}

TEST_F(ApiRoutesTest, answersAnEmptyFolderWithZeros) {
    ApiRoutes api = routes();

    const auto stages = api.answer(get("/api/v1/reports/stages"));
    const auto cities = api.answer(get("/api/v1/reports/cities"));
    const auto events = api.answer(get("/api/v1/events"));

    ASSERT_EQ(stages.status, 200u) << stages.body;
    EXPECT_EQ(nlohmann::json::parse(stages.body)["total_users"], 0);
    ASSERT_EQ(cities.status, 200u) << cities.body;
    EXPECT_EQ(nlohmann::json::parse(cities.body)["cities"], nlohmann::json::array());
    ASSERT_EQ(events.status, 200u) << events.body;
    EXPECT_EQ(nlohmann::json::parse(events.body)["events"], nlohmann::json::array());
}

TEST_F(ApiRoutesReportTest, computesAReportAnewWhenEventsWereStoredOrSomethingElseIsAsked) {
    const int before = totalEvents("");
    storeMore(*database_, 100);

    EXPECT_EQ(totalEvents(""), before) << "of the position that was asked about";
    EXPECT_EQ(totalEvents("?to=1990-01-01"), 0);
    showWhatIsStored();
    EXPECT_GT(totalEvents(""), before);
}

TEST_F(ApiRoutesTest, hasNoAuditWithoutAServer) {
    ApiRoutes api({.journeys = {}, .source = {}, .audit = {}, .pool = {}}, *database_, clock_);

    EXPECT_EQ(api.answer(get("/api/v1/audit")).status, 404u);
}

}  // namespace
}  // namespace footfall
