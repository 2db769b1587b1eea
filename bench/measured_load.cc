#include "bench/measured_load.h"

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "support/check.h"
#include "support/clock.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;

void verify(ServerProcess& server, const nlohmann::json& before, const nlohmann::json& audit,
            const LoadResult& load, std::uint64_t stored_before) {
    CHECK(audit.at("balanced").get<bool>(), "the audit adds up");
    const auto accepted =
        audit.at("accepted").get<std::uint64_t>() - before.at("accepted").get<std::uint64_t>();
    CHECK(accepted == load.accepted_events, "every 202 is counted, nothing else");
    const std::uint64_t distinct = stored_before + load.distinct_events;
    CHECK(audit.at("stored") == distinct, "each distinct id is stored");
    // A part at a time, so that a long history fits the database's memory.
    const std::uint64_t parts = 1 + distinct / 5'000'000;
    std::uint64_t rows = 0;
    std::uint64_t ids = 0;
    for (std::uint64_t part = 0; part < parts; ++part) {
        const nlohmann::json row =
            server
                .sql(fmt::format("SELECT count(*), count(DISTINCT event_id) FROM stored_events "
                                 "WHERE hash(event_id) % {} = {}",
                                 parts, part))
                .at("rows")
                .at(0);
        rows += row.at(0).get<std::uint64_t>();
        ids += row.at(1).get<std::uint64_t>();
    }
    CHECK(rows == distinct, "the rows are there");
    CHECK(ids == distinct, "once each");
}

}  // namespace

double MeasuredLoad::acceptedPerSecond() const {
    return static_cast<double>(load.accepted_events) / Seconds(load.elapsed).count();
}

double MeasuredLoad::storedPerSecond() const {
    return static_cast<double>(load.accepted_events) / until_stored.count();
}

double MeasuredLoad::cpuSecondsPerMillion() const {
    return cpu.count() / static_cast<double>(load.accepted_events) * 1e6;
}

MeasuredLoad measureLoad(ServerProcess& server, const LoadOptions& options,
                         std::uint64_t stored_before) {
    MeasuredLoad measured;
    const nlohmann::json before = server.get("/api/v1/audit");
    const Seconds cpu_before = server.cpuTime();
    const SystemClock clock;
    const SteadyTime start = clock.steadyNow();
    measured.load = runLoad(options);
    const nlohmann::json audit = auditOnceStored(server);
    measured.until_stored = clock.steadyNow() - start;
    measured.cpu = server.cpuTime() - cpu_before;
    measured.resident_bytes = server.residentBytes();
    measured.folder_bytes = server.folderBytes();
    measured.durability = audit.at("durability").get<std::string>();
    verify(server, before, audit, measured.load, stored_before);
    return measured;
}

nlohmann::json auditOnceStored(ServerProcess& server) {
    while (true) {
        nlohmann::json audit = server.get("/api/v1/audit");
        if (audit.at("in_flight") == 0) return audit;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::string footfallBinary() {
    return (std::filesystem::canonical("/proc/self/exe").parent_path().parent_path() / "footfall")
        .string();
}

}  // namespace footfall::bench
