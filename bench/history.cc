// history: what does a server with years of events behind it cost?
//
// Run without arguments: 100 M distinct events of 10 M users are sent in batches of 1,000 and
// stored. At 1, 10 and 100 M: how long reports take, its memory, its folder, a restart on it, and
// the same reports by SQL. At the end, in pairs beside a server on an empty folder, what an event
// costs it, and what it costs while ten reports a second are asked for.

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measured_load.h"
#include "bench/report_times.h"
#include "support/clock.h"

namespace footfall::bench {
namespace {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

constexpr milliseconds kLoadMin{1'000};
constexpr milliseconds kLoadMax{15'000};
constexpr std::uint64_t kEventsAMilli = 800;  // more than are sent in one
constexpr std::chrono::seconds kPairLoad{4};
constexpr std::chrono::seconds kRest{12};

struct Options {
    std::string binary = footfallBinary();
    std::string folder;
    std::vector<std::uint64_t> events{1'000'000, 10'000'000, 100'000'000};
    std::uint64_t users = 10'000'000;
    unsigned memory_mb = 256;
    unsigned pairs = 10;
    bool sql = true;
};

class History {
  public:
    explicit History(const Options& options)
        : options_(options), server_(options.binary, flags(), options.folder) {
        const nlohmann::json audit = server_.get("/api/v1/audit");
        stored_ = audit.at("stored").get<std::uint64_t>();
        // Of ids, apart from those of the runs before on the same folder.
        seed_ = audit.at("accepted").get<std::uint64_t>() + 1;
    }

    void fillTo(std::uint64_t events) {
        if (stored_ >= events) return;
        fmt::print("{:>12} {:>11} {:>11} {:>8} {:>8}\n", "stored", "stored/s", "CPU s per M",
                   "RSS MB", "B/event");
        while (stored_ < events) {
            const milliseconds enough((events - stored_) / kEventsAMilli);
            const MeasuredLoad measured =
                load(server_, stored_, std::clamp(enough, kLoadMin, kLoadMax));
            stored_ += measured.load.distinct_events;
            fmt::print("{:>12} {:>11.0f} {:>11.2f} {:>8} {:>8}\n", stored_,
                       measured.storedPerSecond(), measured.cpuSecondsPerMillion(),
                       measured.resident_bytes >> 20, measured.folder_bytes / stored_);
            std::fflush(stdout);
        }
    }

    void measure() {
        std::this_thread::sleep_for(kRest);
        fmt::print("\n{} events, at rest: RSS {} MB\n", stored_, server_.residentBytes() >> 20);
        const Medians medians = printReports();
        server_.stop();
        if (options_.sql) {
            printSql("stages", medians.stages);
            printSql("cities", medians.cities);
        }
        const Seconds start = server_.start();
        const ReportTimes first =
            timeReport(server_, {"stages", "/api/v1/reports/stages", false}, 1);
        fmt::print("restart: accepting after {:.2f} s, the first report {:.2f} s later\n",
                   start.count(), first.quantile(1));
        std::this_thread::sleep_for(kRest);
        fmt::print("at rest: RSS {} MB\n\n", server_.residentBytes() >> 20);
        std::fflush(stdout);
    }

    void printPairs() {
        ServerProcess empty(options_.binary, flags());
        std::uint64_t stored = 0;
        std::vector<double> history;
        std::vector<double> reports;
        fmt::print("CPU s per M: empty folder, this one, this one with 10 reports a second\n");
        for (unsigned pair = 0; pair < options_.pairs; ++pair) {
            const MeasuredLoad on_empty = load(empty, stored, kPairLoad);
            stored += on_empty.load.distinct_events;
            const double alone = loadHere();
            double with_reports = 0;
            {
                const ReportReader reader(server_.port());
                with_reports = loadHere();
            }
            history.push_back(alone / on_empty.cpuSecondsPerMillion());
            reports.push_back(with_reports / alone);
            fmt::print("{:.2f} {:.2f} {:.2f}\n", on_empty.cpuSecondsPerMillion(), alone,
                       with_reports);
            std::fflush(stdout);
        }
        fmt::print("median ratio to an empty folder {:.3f}, with reports to without {:.3f}\n",
                   median(history), median(reports));
    }

  private:
    std::vector<std::string> flags() const {
        return {"--database-memory-mb", std::to_string(options_.memory_mb)};
    }

    MeasuredLoad load(ServerProcess& server, std::uint64_t stored, milliseconds duration) {
        return measureLoad(
            server,
            {.port = server.port(),
             .duration = duration,
             .workload = {.batch_events = 1'000, .seed = seed_++, .users = options_.users}},
            stored);
    }

    double loadHere() {
        const MeasuredLoad measured = load(server_, stored_, kPairLoad);
        stored_ += measured.load.distinct_events;
        return measured.cpuSecondsPerMillion();
    }

    struct Medians {
        double stages = 0;
        double cities = 0;
    };
    Medians printReports() {
        fmt::print("{:<18} {:>9} {:>9}  ms\n", "report", "p50", "p99");
        Medians medians;
        for (const NamedReport& report : reportsOfInterest(server_)) {
            const ReportTimes times = timeReport(server_, report);
            fmt::print("{:<18} {:>9.2f} {:>9.2f}\n", report.name, times.quantile(0.5) * 1e3,
                       times.quantile(0.99) * 1e3);
            if (report.name == std::string("stages")) medians.stages = times.quantile(0.5);
            if (report.name == std::string("cities")) medians.cities = times.quantile(0.5);
        }
        return medians;
    }

    void printSql(const std::string& report, double seconds) {
        const SqlTimes sql = timeSql(options_.binary, server_.folder(), report);
        fmt::print(
            "{} by SQL {:.2f} s, the least by hand {:.2f} s: {:.0f} times the API's median\n",
            report, sql.ours, sql.by_hand, sql.faster() / seconds);
        std::fflush(stdout);
    }

    const Options options_;
    ServerProcess server_;
    std::uint64_t stored_ = 0;
    std::uint64_t seed_ = 1;
};

int run(int argc, char** argv) {
    Options options;
    CLI::App app("A long history.");
    app.add_option("--binary", options.binary, "the footfall binary to measure");
    app.add_option("--folder", options.folder, "where to keep the data, and to go on from it")
        ->check(CLI::ExistingDirectory);
    app.add_option("--events", options.events, "distinct events to store, and to measure at");
    app.add_option("--users", options.users, "who did them");
    app.add_option("--database-memory-mb", options.memory_mb, "as of footfall serve");
    app.add_option("--pairs", options.pairs, "measurements beside an empty folder");
    app.add_flag("!--no-sql", options.sql, "leave the reports by SQL out");
    CLI11_PARSE(app, argc, argv);

    History history(options);
    for (const std::uint64_t events : options.events) {
        history.fillTo(events);
        history.measure();
    }
    if (options.pairs > 0) history.printPairs();
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
