#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "event_producer/driver_run.h"
#include "event_producer/shopper.h"
#include "support/decimal.h"

namespace footfall {

struct StageTruth {
    std::uint64_t users = 0;
    std::uint64_t furthest_users = 0;
    std::uint64_t users_in_order = 0;
    std::vector<std::uint32_t> seconds_from_previous;  // of each user in order
};

struct CityTruth {
    std::uint64_t users = 0;
    std::array<std::uint64_t, kStageCount> stage_users{};
    std::uint64_t orders = 0;
    Decimal revenue;

    CityTruth& operator+=(const CityTruth& other);
};

// Truth: what the reports must show once every event of a run is stored: default journey, all time,
// conversion window of 7 days. Counted from what is generated, event by event, in plain C++ that
// shares nothing with the reports: if both say the same, neither has that mistake.
// Threads: a value.
struct Truth {
    std::uint64_t total_users = 0;
    std::uint64_t total_events = 0;
    std::array<StageTruth, kStageCount> stages;
    std::vector<CityTruth> cities;  // as in the model, then the users without a known city

    Truth& operator+=(const Truth& other);
};

// TruthCounter: counts shopper by shopper.
// Threads: one at a time.   Lifetime: the model and the run outlive it.
class TruthCounter {
  public:
    TruthCounter(const BehaviourModel& model, const DriverRun& run);

    void add(const Shopper& shopper);
    const Truth& truth() const { return truth_; }

  private:
    void addInOrder();
    void addOrders(CityTruth& city) const;
    std::size_t cityOf(const Shopper& shopper) const;

    const DriverRun& run_;
    Truth truth_;
    std::vector<ShopperEvent> journey_events_;  // of the shopper being added
};

// Plays shoppers 0 to users − 1 on that many threads.
Truth makeTruth(const BehaviourModel& model, const DriverRun& run, std::uint64_t users,
                unsigned threads);

// {"stages":{…},"cities":{…},"differing_cities":[…]}: the first two in the shapes of reports/stages
// and reports/cities, without what is a judgement (intervals, p-values, verdicts); the last says
// which cities the model makes better or worse than the rest.
std::string truthJson(const Truth& truth, const BehaviourModel& model);

}  // namespace footfall
