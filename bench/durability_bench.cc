// durability_bench: what does it cost that a 202 means "on the disk"?
//
// Run without arguments: batches of 100 against a server with --durability fsync and one with os,
// in turn, three pairs of 6 s, the medians and their ratio; then fsync at half its rate for 10 s,
// for the time to the answer. Both durabilities stand beside the figures.

#include <chrono>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measured_load.h"

namespace footfall::bench {
namespace {

struct Options {
    std::string binary = footfallBinary();
    std::size_t batch = 100;
    unsigned pairs = 3;
    unsigned seconds = 6;
};

MeasuredLoad measure(const Options& options, const std::string& durability, double rate) {
    ServerProcess server(options.binary, {"--durability", durability});
    MeasuredLoad measured = measureLoad(server, {.port = server.port(),
                                                 .duration = std::chrono::seconds(options.seconds),
                                                 .events_per_second = rate,
                                                 .workload = {.batch_events = options.batch}});
    fmt::print("{:>6} {:>12.0f} {:>12.0f} {:>11.2f} {:>8.2f} {:>8.2f} {:>8}\n", measured.durability,
               measured.acceptedPerSecond(), measured.storedPerSecond(),
               measured.cpuSecondsPerMillion(), measured.load.ackMs(0.5), measured.load.ackMs(0.99),
               measured.load.refused);
    std::fflush(stdout);
    return measured;
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("The cost of durability.");
    app.add_option("--binary", options.binary, "the footfall binary to measure");
    app.add_option("--batch", options.batch, "events a request");
    app.add_option("--pairs", options.pairs, "of runs, fsync and os in turn");
    app.add_option("--seconds", options.seconds, "of load for each");
    CLI11_PARSE(app, argc, argv);

    fmt::print("batches of {}\n{:>6} {:>12} {:>12} {:>11} {:>8} {:>8} {:>8}\n", options.batch, "",
               "accepted/s", "stored/s", "CPU s per M", "p50 ms", "p99 ms", "refused");
    std::vector<double> fsync;
    std::vector<double> os;
    for (unsigned pair = 0; pair < options.pairs; ++pair) {
        fsync.push_back(measure(options, "fsync", 0).storedPerSecond());
        os.push_back(measure(options, "os", 0).storedPerSecond());
    }
    fmt::print("stored/s, medians of {}: fsync {:.0f}, os {:.0f}: {:.0f} %\n", options.pairs,
               median(fsync), median(os), 100 * median(fsync) / median(os));
    fmt::print("at half of that, from the instant at which a request was due:\n");
    measure(options, "fsync", median(fsync) / 2);
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
