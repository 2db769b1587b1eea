#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace footfall {

// Metrics: the process's counters and gauges, rendered for GET /metrics.
// Threads: all members, any thread; counters and gauges are atomic.
// Owns: what it hands out; references stay valid as long as it lives.
// Bounds: labels come from fixed sets in the code, never from input.
class Metrics {
  public:
    using Labels = std::map<std::string, std::string>;

    // The same name and labels give the same object. `name` without the prefix "footfall_", unit
    // last: "queue_events", "ack_seconds_total".
    prometheus::Counter& counter(std::string_view name, std::string_view help,
                                 const Labels& labels = {});
    prometheus::Gauge& gauge(std::string_view name, std::string_view help,
                             const Labels& labels = {});

    // Prometheus' text exposition format 0.0.4.
    std::string render() const;

  private:
    prometheus::Registry registry_{prometheus::Registry::InsertBehavior::Merge};
};

}  // namespace footfall
