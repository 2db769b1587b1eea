// end_to_end: how many events a second are accepted, stored and counted, from a client's socket to
// rows in the database, with the client on the same machine?
//
// Run without arguments: batches of 1, 100 and 1,000 events, 8 s each, 16 connections, each against
// a new `footfall serve` on an empty folder. Before a line is printed its rows are verified: every
// accepted event is stored or counted as a duplicate, and the table holds exactly the distinct ids.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/load_client.h"
#include "bench/server_process.h"
#include "support/check.h"

namespace footfall::bench {
namespace {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

struct Options {
    std::string binary;
    std::vector<std::size_t> batches{1, 100, 1'000};
    double seconds = 8;
    unsigned connections = 16;
    double duplicates = 0.01;
};

double msAt(const std::vector<std::chrono::nanoseconds>& sorted, double quantile) {
    const auto last = static_cast<double>(sorted.size() - 1);
    return Seconds(sorted[static_cast<std::size_t>(quantile * last)]).count() * 1e3;
}

// Waits until nothing is in flight; the audit then.
nlohmann::json drained(ServerProcess& server) {
    while (true) {
        nlohmann::json audit = server.get("/api/v1/audit");
        if (audit.at("in_flight") == 0) return audit;
        std::this_thread::sleep_for(milliseconds(5));
    }
}

void verify(ServerProcess& server, const nlohmann::json& audit, const LoadResult& load) {
    CHECK(audit.at("balanced").get<bool>(), "the audit adds up");
    CHECK(audit.at("accepted") == load.accepted_events, "every 202 is counted, nothing else");
    CHECK(audit.at("stored") == load.distinct_events, "each distinct id is stored");
    const nlohmann::json rows =
        server.sql("SELECT count(*), count(DISTINCT event_id) FROM stored_events").at("rows").at(0);
    CHECK(rows.at(0) == load.distinct_events, "the rows are there");
    CHECK(rows.at(1) == load.distinct_events, "once each");
}

void runBatch(const Options& options, std::size_t batch) {
    ServerProcess server(options.binary);
    const Seconds cpu_before = server.cpuTime();
    const SystemClock clock;
    const SteadyTime start = clock.steadyNow();
    const LoadResult load =
        runLoad({.port = server.port(),
                 .connections = options.connections,
                 .duration = milliseconds(static_cast<std::int64_t>(options.seconds * 1e3)),
                 .workload = {.batch_events = batch, .duplicate_share = options.duplicates}});
    const nlohmann::json audit = drained(server);
    const Seconds until_stored = clock.steadyNow() - start;
    const Seconds cpu = server.cpuTime() - cpu_before;
    const std::uint64_t resident = server.residentBytes();
    verify(server, audit, load);

    const auto accepted = static_cast<double>(load.accepted_events);
    const auto requests = static_cast<double>(load.requests);
    fmt::print(
        "{:>6} {:>11.0f} {:>12.0f} {:>11.0f} {:>11.2f} {:>8.2f} {:>8.2f} {:>8} {:>8} {:>8}\n",
        batch, requests / Seconds(load.elapsed).count(), accepted / Seconds(load.elapsed).count(),
        accepted / until_stored.count(), cpu.count() / accepted * 1e6, msAt(load.ack_times, 0.5),
        msAt(load.ack_times, 0.99), load.refused, resident >> 20,
        server.folderBytes() / std::max<std::uint64_t>(1, load.distinct_events));
    if (batch == options.batches.back())
        fmt::print("durability: {}\n", audit.at("durability").get<std::string>());
    std::fflush(stdout);
}

int run(int argc, char** argv) {
    Options options;
    options.binary =
        (std::filesystem::canonical("/proc/self/exe").parent_path().parent_path() / "footfall")
            .string();
    CLI::App app("Events a second, end to end.");
    app.add_option("--binary", options.binary, "the footfall binary to measure");
    app.add_option("--batch", options.batches, "events a request; several are run in turn");
    app.add_option("--seconds", options.seconds, "of load for each");
    app.add_option("--connections", options.connections, "of the client");
    app.add_option("--duplicates", options.duplicates, "share of events sent a second time");
    CLI11_PARSE(app, argc, argv);

    fmt::print("{:>6} {:>11} {:>12} {:>11} {:>11} {:>8} {:>8} {:>8} {:>8} {:>8}\n", "batch",
               "requests/s", "accepted/s", "stored/s", "CPU s per M", "p50 ms", "p99 ms", "refused",
               "RSS MB", "B/event");
    for (const std::size_t batch : options.batches) runBatch(options, batch);
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
