#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "bench/event_bodies.h"

namespace footfall::bench {

struct LoadOptions {
    std::uint16_t port = 0;
    unsigned connections = 16;
    std::chrono::milliseconds duration{8'000};
    // 0: as fast as the server answers. Else requests begin at fixed instants, whatever became of
    // those before, and are timed from there: a stall shows in all that it held up.
    double events_per_second = 0;
    // Each request is sent so many times, at random from one to this: a storm of duplicates.
    unsigned sends_max = 1;
    Workload workload;
};

struct LoadResult {
    std::uint64_t requests = 0;         // answered 202
    std::uint64_t accepted_events = 0;  // in them
    std::uint64_t distinct_events = 0;  // of those, with ids never sent before
    std::uint64_t refused = 0;          // answers of 429 or 503; sent again
    std::chrono::nanoseconds elapsed{0};
    std::vector<std::chrono::nanoseconds> ack_times;  // one an answered request, sorted

    double ackMs(double quantile) const;
};

// Keeps `connections` keep-alive connections busy for the duration, at most one request in flight
// on each, and ends with every request answered. One thread, epoll. Aborts the bench on any other
// answer than 202, 429 and 503: a number measured on errors is none.
LoadResult runLoad(const LoadOptions& options);

}  // namespace footfall::bench
