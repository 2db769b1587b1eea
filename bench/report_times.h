#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "bench/server_process.h"

namespace footfall::bench {

// One report of the API, asked again and again.
struct ReportTimes {
    std::vector<double> seconds;  // sorted
    double quantile(double share) const {
        return seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1))];
    }
};
// A report with the filters that a page offers.
struct NamedReport {
    const char* name;
    std::string path;
    bool is_scan;  // what there are no standing counts for
};
// At least five times, and then up to `count` times while less than three seconds have passed. Each
// is counted: it is another question than those before.
ReportTimes timeReport(ServerProcess& server, const NamedReport& report, std::size_t count = 200);
std::vector<NamedReport> reportsOfInterest(ServerProcess& server);

// By SQL, on the folder of a server that is stopped: what the reports would cost without the
// journey index (infinite: it was given up), and what the least that SQL can do for them costs
// (bench/sql). Seconds.
struct SqlTimes {
    double ours = 0;
    double by_hand = 0;
    double faster() const { return ours < by_hand ? ours : by_hand; }
};
SqlTimes timeSql(const std::string& binary, const std::string& folder, const std::string& report);

// ReportReader: asks both reports of all time, ten a second in all, until it goes.
class ReportReader {
  public:
    explicit ReportReader(std::uint16_t port);
    std::uint64_t answers() const { return answers_; }

  private:
    std::atomic<std::uint64_t> answers_ = 0;
    std::jthread thread_;
};

}  // namespace footfall::bench
