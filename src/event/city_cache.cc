#include "event/city_cache.h"

#include <utility>

#include "support/hash.h"
#include "support/same_text.h"

namespace footfall {

std::size_t CityCache::slotOf(std::string_view spelling) const {
    return XXH3_64bits_withSeed(spelling.data(), spelling.size(), seed_) % (kSlots / 2) * 2;
}

std::string_view CityCache::canonical(std::string_view spelling) {
    Slot& first = slots_[slotOf(spelling)];
    Slot& second = *(&first + 1);
    const auto holds = [spelling](const Slot& slot) {
        return !slot.name.empty() && sameText(slot.spelling, spelling);
    };
    if (holds(first)) return first.name;
    if (holds(second)) return second.name;
    second = std::move(first);
    first = {.spelling = std::string(spelling), .name = table_.canonical(spelling)};
    return first.name;
}

}  // namespace footfall
