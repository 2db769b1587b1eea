// duplicate_storm: what do clients cost that send everything again and again?
//
// Run without arguments: batches of 100, each sent once, and each sent 1 to 20 times, in turn, in
// three pairs of 6 s on new folders. Every event is one row, or the bench aborts.

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

double measure(const Options& options, unsigned sends_max) {
    ServerProcess server(options.binary);
    const MeasuredLoad measured =
        measureLoad(server, {.port = server.port(),
                             .duration = std::chrono::seconds(options.seconds),
                             .sends_max = sends_max,
                             .workload = {.batch_events = options.batch, .duplicate_share = 0}});
    fmt::print("{:>8} {:>12.0f} {:>12.0f} {:>12} {:>11.2f}\n",
               sends_max == 1 ? "once" : fmt::format("1 to {}", sends_max),
               measured.acceptedPerSecond(), measured.storedPerSecond(),
               measured.load.distinct_events, measured.cpuSecondsPerMillion());
    std::fflush(stdout);
    return measured.storedPerSecond();
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("A storm of duplicates.");
    app.add_option("--binary", options.binary, "the footfall binary to measure");
    app.add_option("--batch", options.batch, "events a request");
    app.add_option("--pairs", options.pairs, "of runs, clean and storm in turn");
    app.add_option("--seconds", options.seconds, "of load for each");
    CLI11_PARSE(app, argc, argv);

    fmt::print("{:>8} {:>12} {:>12} {:>12} {:>11}\n", "sent", "accepted/s", "decided/s", "rows",
               "CPU s per M");
    std::vector<double> clean;
    std::vector<double> storm;
    for (unsigned pair = 0; pair < options.pairs; ++pair) {
        clean.push_back(measure(options, 1));
        storm.push_back(measure(options, 20));
    }
    fmt::print("decided/s, medians of {}: clean {:.0f}, storm {:.0f}: {:.0f} %\n", options.pairs,
               median(clean), median(storm), 100 * median(storm) / median(clean));
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
