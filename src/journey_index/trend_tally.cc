#include "journey_index/trend_tally.h"

#include <algorithm>

namespace footfall {

void TrendTally::add(const PersonFigures& person, bool is_inside_window) {
    TrendCount& count = quarters_[person.first_us / kQuarterHourUs];
    ++count.users;
    count.buyers += person.did(shape_.last());
    count.buyers_in_order += person.didInOrder(shape_.last());
    count.users_inside_window += is_inside_window;
}

void TrendTally::merge(const TrendTally& other) {
    for (const auto& [quarter, count] : other.quarters_) {
        TrendCount& sum = quarters_[quarter];
        sum.users += count.users;
        sum.buyers += count.buyers;
        sum.buyers_in_order += count.buyers_in_order;
        sum.users_inside_window += count.users_inside_window;
    }
}

std::vector<TrendCount> TrendTally::counts() const {
    std::vector<TrendCount> counts;
    for (const auto& [quarter, count] : quarters_) {
        counts.push_back(count);
        counts.back().from = utcFromMicros(quarter * kQuarterHourUs);
    }
    std::ranges::sort(counts, {}, &TrendCount::from);
    return counts;
}

}  // namespace footfall
