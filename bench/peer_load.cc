// peer_load: the canonical workload, sent to any server that takes POST /webhook with an array of
// events and answers 202. For bench/peers/run.py, which starts the servers and counts what they
// have.
//
// Prints one line of JSON: the events that were accepted, those of them with ids never sent before,
// the seconds it took, and the answers' p50 and p99.

#include <chrono>
#include <cstdint>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/load_client.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;

int run(int argc, char** argv) {
    LoadOptions options;
    double seconds = 8;
    CLI::App app("The canonical workload for any server.");
    app.add_option("--port", options.port, "of the server, on 127.0.0.1")->required();
    app.add_option("--batch", options.workload.batch_events, "events a request");
    app.add_option("--seconds", seconds, "of load");
    app.add_option("--connections", options.connections, "of the client");
    app.add_option("--users", options.workload.users, "who did the events");
    app.add_option("--seed", options.workload.seed, "of a run: ids of two seeds never meet");
    CLI11_PARSE(app, argc, argv);
    options.duration = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));

    const LoadResult load = runLoad(options);
    fmt::print(R"({{"accepted": {}, "distinct": {}, "seconds": {:.3f}, )"
               R"("p50_ms": {:.2f}, "p99_ms": {:.2f}}})"
               "\n",
               load.accepted_events, load.distinct_events, Seconds(load.elapsed).count(),
               load.ackMs(0.5), load.ackMs(0.99));
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
