#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "journey_index/journey_counts.h"
#include "journey_index/person_figures.h"

namespace footfall {

// FilterTally: how many persons have each city, device and channel. Threads: one at a time.
class FilterTally {
  public:
    void add(const PersonFigures& person, bool is_inside_window);
    void merge(const FilterTally& other);
    // Texts by code.
    FilterCounts counts(std::span<const std::string> cities, std::span<const std::string> devices,
                        std::span<const std::string> channels) const;

  private:
    using Users = absl::flat_hash_map<std::uint32_t, std::int64_t>;  // by code
    static void merge(Users& sum, const Users& other);
    static std::vector<FilterValue> valuesOf(const Users& users,
                                             std::span<const std::string> texts);

    Users cities_;
    Users devices_;
    Users channels_;
};

}  // namespace footfall
