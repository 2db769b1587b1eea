// history: what does a server with years of events behind it cost?
//
// Run without arguments: 50 M distinct events of 5 M users are sent in batches of 1,000 and stored;
// then its memory, its folder, a restart on it, and the time of both reports.

#include <chrono>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measured_load.h"
#include "support/clock.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;

struct Options {
    std::string binary = footfallBinary();
    std::uint64_t events = 50'000'000;
    std::uint64_t users = 5'000'000;
    unsigned memory_mb = 256;
};

void printReports(ServerProcess& server) {
    const SystemClock clock;
    for (const char* report : {"stages", "cities"}) {
        const SteadyTime began = clock.steadyNow();
        const unsigned status = server.status(fmt::format("/api/v1/reports/{}", report));
        fmt::print("{:<6} {:>6.2f} s, answer {}\n", report,
                   Seconds(clock.steadyNow() - began).count(), status);
    }
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("A long history.");
    app.add_option("--binary", options.binary, "the footfall binary to measure");
    app.add_option("--events", options.events, "distinct events to store");
    app.add_option("--users", options.users, "who did them");
    app.add_option("--database-memory-mb", options.memory_mb, "as of footfall serve");
    CLI11_PARSE(app, argc, argv);

    ServerProcess server(options.binary,
                         {"--database-memory-mb", std::to_string(options.memory_mb)});
    std::uint64_t stored = 0;
    fmt::print("{:>12} {:>11} {:>11} {:>8} {:>8}\n", "stored", "stored/s", "CPU s per M", "RSS MB",
               "B/event");
    for (std::uint64_t seed = 1; stored < options.events; ++seed) {
        const MeasuredLoad measured =
            measureLoad(server,
                        {.port = server.port(),
                         .duration = std::chrono::seconds(15),
                         .workload = {.batch_events = 1'000, .seed = seed, .users = options.users}},
                        stored);
        stored += measured.load.distinct_events;
        fmt::print("{:>12} {:>11.0f} {:>11.2f} {:>8} {:>8}\n", stored, measured.storedPerSecond(),
                   measured.cpuSecondsPerMillion(), measured.resident_bytes >> 20,
                   measured.folder_bytes / stored);
        std::fflush(stdout);
    }
    printReports(server);
    std::this_thread::sleep_for(std::chrono::seconds(5));
    fmt::print("at rest: RSS {} MB\n", server.residentBytes() >> 20);
    server.stop();
    fmt::print("restart: accepting after {:.2f} s\n", server.start().count());
    printReports(server);
    std::this_thread::sleep_for(std::chrono::seconds(5));
    fmt::print("at rest: RSS {} MB\n", server.residentBytes() >> 20);
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
