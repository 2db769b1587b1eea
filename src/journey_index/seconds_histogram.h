#pragma once

#include <cstdint>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "journey_index/journey_counts.h"

namespace footfall {

// SecondsHistogram: how often each number of whole seconds occurs, exactly, so that percentiles are
// order statistics and not estimates.
// Threads: one at a time.
// Memory: some 15 bytes a distinct number; from kSparseMax of them on, 4 MB for all below 2^20
//   (twelve days), which most are.
class SecondsHistogram {
  public:
    static constexpr std::size_t kSparseMax = 1 << 15;

    void add(std::int64_t seconds, std::int64_t times = 1);
    // REQUIRES: it was added.
    void remove(std::int64_t seconds) { add(seconds, -1); }
    // An add() or a remove() of it is going to follow soon.
    void expect(std::int64_t seconds) const;
    void merge(const SecondsHistogram& other);
    std::int64_t count() const { return count_; }
    // The neighbours between which p/10 of the numbers lie: those at floor and ceil of
    // tenths · (count − 1) / 10 in the sorted list. REQUIRES: count() > 0.
    SecondsPair neighbours(std::int64_t tenths) const;

  private:
    void becomeDense();

    std::int64_t count_ = 0;
    std::vector<std::uint32_t> dense_;  // by seconds; empty, or one for each below kDenseEnd
    absl::flat_hash_map<std::int64_t, std::uint32_t> sparse_;  // the others; none is 0
};

}  // namespace footfall
