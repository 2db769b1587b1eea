#include "journey_index/filter_tally.h"

#include <algorithm>
#include <tuple>

namespace footfall {

void FilterTally::add(const PersonFigures& person, bool) {
    ++cities_[person.city];
    ++devices_[person.device];
    ++channels_[person.channel];
}

void FilterTally::merge(const FilterTally& other) {
    merge(cities_, other.cities_);
    merge(devices_, other.devices_);
    merge(channels_, other.channels_);
}

void FilterTally::merge(Users& sum, const Users& other) {
    for (const auto& [code, users] : other) sum[code] += users;
}

FilterCounts FilterTally::counts(std::span<const std::string> cities,
                                 std::span<const std::string> devices,
                                 std::span<const std::string> channels) const {
    return {.cities = valuesOf(cities_, cities),
            .devices = valuesOf(devices_, devices),
            .channels = valuesOf(channels_, channels)};
}

std::vector<FilterValue> FilterTally::valuesOf(const Users& users,
                                               std::span<const std::string> texts) {
    std::vector<FilterValue> values;
    for (const auto& [code, count] : users)
        values.push_back(
            {.name = code == 0 ? std::string(kUnknownCity) : texts[code], .users = count});
    std::ranges::sort(values, {}, [](const FilterValue& value) {
        return std::tuple<std::int64_t, const std::string&>(-value.users, value.name);
    });
    return values;
}

}  // namespace footfall
