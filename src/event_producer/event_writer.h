#pragma once

#include <string>
#include <vector>

#include "event_producer/driver_run.h"
#include "event_producer/shopper.h"

namespace footfall {

// EventWriter: writes what shoppers did as the JSON that an app would send. It shares no code with
// the webhook's reader, so that neither hides a mistake of the other.
// Threads: const, any thread.   Lifetime: the model and the run outlive it.
// Cost: about 0.2 µs an event.
class EventWriter {
  public:
    EventWriter(const BehaviourModel& model, const DriverRun& run);

    // Appends one object without a line break.
    void append(const Shopper& shopper, std::size_t event_index, std::string& out) const;

  private:
    const BehaviourModel& model_;
    const DriverRun& run_;
    // As JSON texts, quotes included.
    std::vector<std::string> cities_;
    std::vector<std::string> devices_;
    std::vector<std::string> channels_;
    std::vector<std::string> categories_;
    std::string currency_;
};

}  // namespace footfall
