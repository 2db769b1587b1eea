#include "event_producer/truth.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <thread>
#include <tuple>
#include <utility>

namespace footfall {
namespace {

constexpr Micros kConversionWindow = std::chrono::days(7);

// When one shopper fulfilled each stage in order. Fed with his journey events by time, and by stage
// where the times are equal. Of all chains that end at a stage the one that began last is kept:
// where it is too old for the window, so is every other.
class InOrder {
  public:
    void feed(std::size_t stage, Micros time) {
        const std::optional<Micros> start =
            stage == 0 ? std::optional(time) : latest_start_[requiredStageBefore(stage)];
        if (!start || time - *start > kConversionWindow) return;
        if (!fulfilled_[stage]) fulfilled_[stage] = time;
        latest_start_[stage] = std::max(latest_start_[stage], start);
    }
    // The earliest time; nullopt: never.
    std::optional<Micros> fulfilled(std::size_t stage) const { return fulfilled_[stage]; }

  private:
    std::array<std::optional<Micros>, kStageCount> latest_start_;
    std::array<std::optional<Micros>, kStageCount> fulfilled_;
};

}  // namespace

CityTruth& CityTruth::operator+=(const CityTruth& other) {
    users += other.users;
    for (std::size_t stage = 0; stage < kStageCount; ++stage)
        stage_users[stage] += other.stage_users[stage];
    orders += other.orders;
    revenue += other.revenue;
    return *this;
}

Truth& Truth::operator+=(const Truth& other) {
    total_users += other.total_users;
    total_events += other.total_events;
    for (std::size_t stage = 0; stage < kStageCount; ++stage) {
        const StageTruth& theirs = other.stages[stage];
        stages[stage].users += theirs.users;
        stages[stage].furthest_users += theirs.furthest_users;
        stages[stage].users_in_order += theirs.users_in_order;
        std::ranges::copy(theirs.seconds_from_previous,
                          std::back_inserter(stages[stage].seconds_from_previous));
    }
    cities.resize(std::max(cities.size(), other.cities.size()));
    for (std::size_t city = 0; city < other.cities.size(); ++city)
        cities[city] += other.cities[city];
    return *this;
}

TruthCounter::TruthCounter(const BehaviourModel& model, const DriverRun& run) : run_(run) {
    truth_.cities.resize(model.cities.size() + 1);
}

void TruthCounter::add(const Shopper& shopper) {
    journey_events_.clear();
    for (const ShopperEvent& event : shopper.events)
        if (isStage(event.act)) journey_events_.push_back(event);
    if (journey_events_.empty()) return;

    ++truth_.total_users;
    truth_.total_events += journey_events_.size();
    CityTruth& city = truth_.cities[cityOf(shopper)];
    ++city.users;
    std::array<bool, kStageCount> did{};
    for (const ShopperEvent& event : journey_events_) did[indexOf(event.act)] = true;
    std::size_t furthest = 0;
    for (std::size_t stage = 0; stage < kStageCount; ++stage) {
        if (!did[stage]) continue;
        ++truth_.stages[stage].users;
        ++city.stage_users[stage];
        furthest = stage;
    }
    ++truth_.stages[furthest].furthest_users;
    addInOrder();
    if (did.back()) addOrders(city);
}

void TruthCounter::addInOrder() {
    std::vector<std::pair<Micros, std::size_t>> steps;
    for (const ShopperEvent& event : journey_events_)
        steps.emplace_back(event.offset, indexOf(event.act));
    std::ranges::sort(steps);
    InOrder in_order;
    for (const auto& [time, stage] : steps) in_order.feed(stage, time);

    for (std::size_t stage = 0; stage < kStageCount; ++stage) {
        const std::optional<Micros> time = in_order.fulfilled(stage);
        if (!time) continue;
        ++truth_.stages[stage].users_in_order;
        if (stage == 0) continue;
        const Micros since = *time - *in_order.fulfilled(requiredStageBefore(stage));
        truth_.stages[stage].seconds_from_previous.push_back(
            static_cast<std::uint32_t>(since / std::chrono::seconds(1)));
    }
}

void TruthCounter::addOrders(CityTruth& city) const {
    std::set<std::uint16_t> orders;
    std::set<std::tuple<std::uint16_t, std::uint32_t, std::int64_t>> lines;
    for (const ShopperEvent& event : journey_events_) {
        if (event.act != Act::kPlaceOrder) continue;
        orders.insert(event.order);
        if (lines.insert({event.order, event.product, event.amount_ten_thousandths}).second)
            city.revenue += Decimal{event.amount_ten_thousandths};
    }
    city.orders += orders.size();
}

// The first known city among the journey events by time, and by id where the times are equal.
std::size_t TruthCounter::cityOf(const Shopper& shopper) const {
    std::optional<std::tuple<Micros, EventId, std::size_t>> first;
    for (std::size_t at = 0; at < shopper.events.size(); ++at) {
        const ShopperEvent& event = shopper.events[at];
        if (!isStage(event.act) || event.city == ShopperEvent::kNoCity) continue;
        const std::tuple<Micros, EventId, std::size_t> here = {
            event.offset, run_.eventId(shopper.index, at), event.city};
        if (!first || here < *first) first = here;
    }
    return first ? std::get<std::size_t>(*first) : truth_.cities.size() - 1;
}

Truth makeTruth(const BehaviourModel& model, const DriverRun& run, std::uint64_t users,
                unsigned threads) {
    std::vector<TruthCounter> counters(threads, TruthCounter(model, run));
    {
        std::vector<std::jthread> workers;
        for (unsigned thread = 0; thread < threads; ++thread)
            workers.emplace_back([&, thread] {
                Shopper shopper;
                for (std::uint64_t user = thread; user < users; user += threads) {
                    playShopper(model, run.seed(), user, shopper);
                    counters[thread].add(shopper);
                }
            });
    }
    Truth whole;
    for (const TruthCounter& counter : counters) whole += counter.truth();
    return whole;
}

}  // namespace footfall
