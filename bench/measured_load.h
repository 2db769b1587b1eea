#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/load_client.h"
#include "bench/server_process.h"

namespace footfall::bench {

// What a load did to a server, from the first byte sent to the last event stored.
struct MeasuredLoad {
    LoadResult load;
    std::chrono::duration<double> until_stored{0};
    std::chrono::duration<double> cpu{0};  // the server's
    std::uint64_t resident_bytes = 0;
    std::uint64_t folder_bytes = 0;
    std::string durability;

    double acceptedPerSecond() const;
    double storedPerSecond() const;
    double cpuSecondsPerMillion() const;
};

// Runs the load, waits until all of it is stored, and verifies it: the audit adds up, every
// distinct id is a row, once. `stored_before`: distinct events that the server had already.
// Aborts the bench where something is wrong: a number measured on errors is none.
MeasuredLoad measureLoad(ServerProcess& server, const LoadOptions& options,
                         std::uint64_t stored_before = 0);

// The audit once nothing is in flight.
nlohmann::json auditOnceStored(ServerProcess& server);

// REQUIRES: not empty.
double median(std::vector<double> values);

// Where the build has put the binary that is to be measured.
std::string footfallBinary();

}  // namespace footfall::bench
