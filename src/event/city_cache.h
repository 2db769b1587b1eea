#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/city_table.h"

namespace footfall {

// CityCache: remembers the canonical names of the spellings seen last, by their bytes.
// Threads: one at a time.
// Bounds: kSlots spellings. Slots go in pairs, each of which holds the last two spellings that fell
//   into it.
// Outlived by: the table.   Cost: one hash and one comparison; the table's on a miss.
class CityCache {
  public:
    CityCache(const CityTable& table, std::uint64_t seed)
        : table_(table), seed_(seed), slots_(kSlots) {}

    // As CityTable::canonical(). Good until the next call.
    std::string_view canonical(std::string_view spelling);
    // Says that it is going to be asked for soon: memory takes longer than all the rest.
    void expect(std::string_view spelling) const { __builtin_prefetch(&slots_[slotOf(spelling)]); }

  private:
    // Several spellings of each of 2,000 cities, few of which share a pair with two others.
    static constexpr std::size_t kSlots = 16'384;
    struct alignas(64) Slot {  // a line of the cache
        std::string spelling;
        std::string name;  // empty: the slot is free
    };

    // The first of the spelling's pair.
    std::size_t slotOf(std::string_view spelling) const;

    const CityTable& table_;
    const std::uint64_t seed_;  // drawn at random: spellings come from outside
    std::vector<Slot> slots_;
};

}  // namespace footfall
