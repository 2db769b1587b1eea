#include "bench/report_times.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "database/duckdb_database.h"
#include "support/check.h"
#include "support/clock.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;
using std::chrono::milliseconds;

constexpr std::size_t kWeekSeconds = 604'800;
constexpr std::size_t kTimesMin = 5;
constexpr Seconds kTimesWithin{3};
constexpr milliseconds kBetweenReports{100};
// Enough that the query does not spill.
constexpr std::size_t kSqlMemoryBytes = 8ULL << 30;

template <class Work>
double secondsOf(const Work& work) {
    const SystemClock clock;
    const SteadyTime began = clock.steadyNow();
    work();
    return Seconds(clock.steadyNow() - began).count();
}

std::string handTuned(const std::string& report) {
    const std::string path =
        fmt::format("{}/bench/sql/hand_tuned_{}.sql", FOOTFALL_SOURCE_DIR, report);
    std::ifstream file(path);
    CHECK(file.good(), "bench/sql is where it was when this was built");
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

ReportTimes timeReport(ServerProcess& server, const NamedReport& report, std::size_t count) {
    ReportTimes times;
    double sum = 0;
    while (times.seconds.size() < kTimesMin ||
           (times.seconds.size() < count && sum < kTimesWithin.count())) {
        // The margin is no matter of what is scanned; standing counts are for one window.
        const std::size_t n = times.seconds.size();
        const std::string asked =
            fmt::format("{}{}{}", report.path, report.path.contains('?') ? '&' : '?',
                        report.is_scan ? fmt::format("window={}s", kWeekSeconds + 1 + n)
                                       : fmt::format("margin=0.2{:03}", n));
        times.seconds.push_back(
            secondsOf([&] { CHECK(server.status(asked) == 200, "the API answers"); }));
        sum += times.seconds.back();
    }
    std::ranges::sort(times.seconds);
    return times;
}

std::vector<NamedReport> reportsOfInterest(ServerProcess& server) {
    const nlohmann::json cities = server.get("/api/v1/reports/cities?top=1");
    const auto city = cities.at("cities").at(0).at("city").get<std::string>();
    // Whole days of the server's zone, the last of them the one before yesterday.
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const std::string period = fmt::format("from={:%F}&to={:%F}", today - std::chrono::days(41),
                                           today - std::chrono::days(1));
    const std::string stages = "/api/v1/reports/stages";
    return {{"stages", stages, false},
            {"cities", "/api/v1/reports/cities", false},
            {"stages of a city", stages + "?city=" + city, false},
            {"stages by device", stages + "?device=android", true},
            {"stages by channel", stages + "?channel=ads", true},
            {"stages of days", stages + "?" + period, true},
            {"cities of days", "/api/v1/reports/cities?" + period, true}};
}

SqlTimes timeSql(const std::string& binary, const std::string& folder, const std::string& report) {
    SqlTimes times;
    const std::string command = fmt::format(
        "'{}' report {} --data-dir '{}' --format json >/dev/null", binary, report, folder);
    bool in_time = false;  // a report is given up after a minute
    times.ours = secondsOf([&] { in_time = std::system(command.c_str()) == 0; });
    if (!in_time) times.ours = std::numeric_limits<double>::infinity();

    const SystemClock clock;
    const auto database = DuckDbDatabase::open({.path = folder + "/footfall.duckdb",
                                                .memory_limit_bytes = kSqlMemoryBytes,
                                                .read_only = true},
                                               clock);
    CHECK(database.has_value(), "the server has stopped");
    const Query query{.sql = handTuned(report), .shadows = {}, .timeout = std::chrono::minutes(10)};
    times.by_hand = secondsOf([&] { CHECK((*database)->query(query), "the query succeeds"); });
    return times;
}

ReportReader::ReportReader(std::uint16_t port)
    : thread_([this, port](const std::stop_token& stop) {
          auto client = HttpClient::create(fmt::format("http://127.0.0.1:{}", port));
          CHECK(client, "a URL of our own");
          const SystemClock clock;
          SteadyTime next = clock.steadyNow();
          for (bool cities = false; !stop.stop_requested(); cities = !cities) {
              const auto answer =
                  client->send(HttpRequest{.target = cities ? "/api/v1/reports/cities"
                                                            : "/api/v1/reports/stages"},
                               std::chrono::seconds(60));
              CHECK(answer && answer->status == 200, "the API answers");
              ++answers_;
              next += kBetweenReports;
              std::this_thread::sleep_until(next);
          }
      }) {}

}  // namespace footfall::bench
