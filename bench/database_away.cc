// database_away: does the webhook notice that the database is away?
//
// Run without arguments: 20,000 events a second in batches of 100 while another process (this one)
// holds the lock on DuckDB's file: pairs of 10 s with the database there and away, for the server's
// CPU; then five minutes away, until everything is stored. Any answer but 202 aborts the bench.

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "bench/measured_load.h"
#include "support/check.h"
#include "support/clock.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;

struct Options {
    std::string binary = footfallBinary();
    double rate = 20'000;
    unsigned pairs = 9;
    unsigned pair_seconds = 10;
    unsigned seconds = 300;
};

// Holds the file as another process that has it open in DuckDB would.
class FileLock {
  public:
    explicit FileLock(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
        flock whole{};
        whole.l_type = F_WRLCK;
        CHECK(fd_ >= 0 && ::fcntl(fd_, F_SETLK, &whole) == 0, "the file can be locked");
    }
    ~FileLock() { ::close(fd_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

  private:
    int fd_;
};

LoadOptions loadOf(const Options& options, const ServerProcess& server, unsigned seconds) {
    return {.port = server.port(),
            .duration = std::chrono::seconds(seconds),
            .events_per_second = options.rate,
            .workload = {}};
}

double perMillion(Seconds cpu, std::uint64_t events) {
    return cpu.count() / static_cast<double>(events) * 1e6;
}

// A server that has stored its first events, so that it can number others without its database.
void makeUsed(ServerProcess& server) {
    runLoad({.port = server.port(),
             .connections = 1,
             .duration = std::chrono::milliseconds(50),
             .workload = {.seed = 2}});
    auditOnceStored(server);
}

struct Away {
    LoadResult load;
    double cpu_per_million;        // while it was away
    double cpu_per_million_whole;  // until everything was stored
    Seconds drained;
};

Away measureAway(const Options& options, unsigned seconds) {
    ServerProcess server(options.binary);
    makeUsed(server);
    const std::uint64_t stored_before = auditOnceStored(server).at("stored").get<std::uint64_t>();
    server.stop();
    Away away{};
    {
        const FileLock lock(server.folder() + "/footfall.duckdb");
        server.start();
        const Seconds before = server.cpuTime();
        away.load = runLoad(loadOf(options, server, seconds));
        away.cpu_per_million = perMillion(server.cpuTime() - before, away.load.accepted_events);
    }
    const SystemClock clock;
    const SteadyTime back = clock.steadyNow();
    while (server.status("/api/v1/audit") == 503)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const nlohmann::json audit = auditOnceStored(server);
    away.drained = clock.steadyNow() - back;
    away.cpu_per_million_whole = perMillion(server.cpuTime(), away.load.accepted_events);
    CHECK(audit.at("stored") == stored_before + away.load.distinct_events, "every event is a row");
    CHECK(audit.at("balanced").get<bool>(), "the audit adds up");
    return away;
}

double measureThere(const Options& options) {
    ServerProcess server(options.binary);
    return measureLoad(server, loadOf(options, server, options.pair_seconds))
        .cpuSecondsPerMillion();
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("The database away.");
    app.add_option("--binary", options.binary, "the footfall binary to measure");
    app.add_option("--rate", options.rate, "events a second");
    app.add_option("--pairs", options.pairs, "of runs, there and away in turn");
    app.add_option("--pair-seconds", options.pair_seconds, "of load for each");
    app.add_option("--seconds", options.seconds, "of load in the long run");
    CLI11_PARSE(app, argc, argv);

    fmt::print("server's CPU, s per million acknowledged events\n{:>8} {:>8} {:>20}\n", "there",
               "away", "away, until stored");
    std::vector<double> ratios;
    for (unsigned pair = 0; pair < options.pairs; ++pair) {
        const double there = measureThere(options);
        const Away away = measureAway(options, options.pair_seconds);
        ratios.push_back(away.cpu_per_million_whole / there);
        fmt::print("{:>8.2f} {:>8.2f} {:>20.2f}\n", there, away.cpu_per_million,
                   away.cpu_per_million_whole);
        std::fflush(stdout);
    }
    if (!ratios.empty()) fmt::print("away, until stored : there, median: {:.2f}\n", median(ratios));

    const Away away = measureAway(options, options.seconds);
    const auto events = static_cast<double>(away.load.accepted_events);
    const auto last = static_cast<double>(away.load.ack_times.size() - 1);
    fmt::print(
        "{} s away: {} events acknowledged, {} requests refused, p99 of the answer {:.1f} ms\n",
        options.seconds, away.load.accepted_events, away.load.refused,
        Seconds(away.load.ack_times[static_cast<std::size_t>(0.99 * last)]).count() * 1e3);
    fmt::print(
        "then stored in {:.1f} s: {:.0f} events/s, {:.1f} times the rate at which they came\n",
        away.drained.count(), events / away.drained.count(),
        events / away.drained.count() / options.rate);
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
