#pragma once

#include <cstdint>
#include <string>

#include "event/event_id.h"
#include "event_producer/behaviour.h"
#include "event_producer/shopper.h"
#include "support/clock.h"

namespace footfall {

// DriverRun: turns what shoppers do into ids and times of one run, so that runs with another start
// or seed share neither events nor persons.
// Threads: const, any thread.
class DriverRun {
  public:
    DriverRun(const BehaviourModel& model, std::uint64_t seed, UtcTime start);

    std::uint64_t seed() const { return seed_; }
    // The first midnight of the shoppers at or after start: every visit begins between it and
    // start + period, on the same day and hour whatever the start.
    UtcTime firstMidnight() const { return first_midnight_; }
    UtcTime timeOf(const ShopperEvent& event) const { return first_midnight_ + event.offset; }
    // Of the event with that place in Shopper::events; never twice the same within a run.
    EventId eventId(std::uint64_t shopper, std::size_t event_index) const;
    // Eight letters and digits that stand in the ids of users, sessions and orders.
    const std::string& tag() const { return tag_; }

  private:
    std::uint64_t seed_;
    std::uint64_t key_;
    UtcTime first_midnight_;
    std::string tag_;
};

}  // namespace footfall
