#include "event/city_cache.h"

#include "support/hash.h"

namespace footfall {

std::size_t CityCache::slotOf(std::string_view spelling) const {
    return XXH3_64bits_withSeed(spelling.data(), spelling.size(), seed_) % kSlots;
}

std::string_view CityCache::canonical(std::string_view spelling) {
    Slot& slot = slots_[slotOf(spelling)];
    if (slot.name.empty() || slot.spelling != spelling)
        slot = {.spelling = std::string(spelling), .name = table_.canonical(spelling)};
    return slot.name;
}

}  // namespace footfall
