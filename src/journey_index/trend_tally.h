#pragma once

#include <cstdint>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "journey_index/journey_counts.h"
#include "journey_index/person_figures.h"

namespace footfall {

// TrendTally: the sum of many persons' figures, by the quarter of an hour in which each was first
// seen. Threads: one at a time.
class TrendTally {
  public:
    explicit TrendTally(const JourneyShape& shape) : shape_(shape) {}

    void add(const PersonFigures& person, bool is_inside_window);
    void merge(const TrendTally& other);
    // Ascending.
    std::vector<TrendCount> counts() const;

  private:
    JourneyShape shape_;
    absl::flat_hash_map<std::int64_t, TrendCount> quarters_;  // by quarters since 1970
};

}  // namespace footfall
