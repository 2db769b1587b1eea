// end_to_end: how many events a second are accepted, stored and counted, from a client's socket to
// rows in the database, with the client on the same machine?
//
// Run without arguments: batches of 1, 100 and 1,000 events, 8 s each, 16 connections, each against
// a new `footfall serve` on an empty folder. Before a line is printed its rows are verified: every
// accepted event is stored or counted as a duplicate, and the table holds exactly the distinct ids.
// Beside each stands the least that a durable server can do with the same requests, in the same
// seconds: append the body to a file and sync it. With --rate it shows whether the server keeps up.

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/append_server.h"
#include "bench/measured_load.h"

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
    double rate = 0;
};

double acceptedPerSecond(const LoadResult& load) {
    return static_cast<double>(load.accepted_events) / Seconds(load.elapsed).count();
}

void printAppended(LoadOptions load_options, double stored_per_second) {
    const AppendServer server;
    load_options.port = server.port();
    const LoadResult load = runLoad(load_options);
    fmt::print(
        "       appended and synced, no more: {:.0f} events/s, CPU {:.2f} s per M; ours is "
        "{:.2f} of it\n",
        acceptedPerSecond(load),
        server.cpuTime().count() / static_cast<double>(load.accepted_events) * 1e6,
        stored_per_second / acceptedPerSecond(load));
}

void runBatch(const Options& options, std::size_t batch) {
    ServerProcess server(options.binary, {"--database-memory-mb", "192"});
    const LoadOptions load_options{
        .port = server.port(),
        .connections = options.connections,
        .duration = milliseconds(static_cast<std::int64_t>(options.seconds * 1e3)),
        .events_per_second = options.rate,
        .workload = {.batch_events = batch, .duplicate_share = options.duplicates}};
    const MeasuredLoad measured = measureLoad(server, load_options);
    const LoadResult& load = measured.load;
    fmt::print(
        "{:>6} {:>11.0f} {:>12.0f} {:>11.0f} {:>11.2f} {:>8.2f} {:>8.2f} {:>8} {:>8} {:>8}\n",
        batch, static_cast<double>(load.requests) / Seconds(load.elapsed).count(),
        measured.acceptedPerSecond(), measured.storedPerSecond(), measured.cpuSecondsPerMillion(),
        load.ackMs(0.5), load.ackMs(0.99), load.refused, measured.resident_bytes >> 20,
        measured.folder_bytes / std::max<std::uint64_t>(1, load.distinct_events));
    if (options.rate == 0) printAppended(load_options, measured.storedPerSecond());
    if (batch == options.batches.back()) fmt::print("durability: {}\n", measured.durability);
    std::fflush(stdout);
}

int run(int argc, char** argv) {
    Options options;
    options.binary = footfallBinary();
    CLI::App app("Events a second, end to end.");
    app.add_option("--binary", options.binary, "the footfall binary to measure");
    app.add_option("--batch", options.batches, "events a request; several are run in turn");
    app.add_option("--seconds", options.seconds, "of load for each");
    app.add_option("--connections", options.connections, "of the client");
    app.add_option("--rate", options.rate,
                   "events a second; 0: as many as are accepted, more than are stored meanwhile")
        ->check(CLI::Range(0.0, 1e9));
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
