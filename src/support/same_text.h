#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace footfall {

// Whether two texts are equal, for those that are short and mostly are: names, codes, cities. Their
// ends are compared as numbers, which may overlap; a call of memcmp costs several times as much.
inline bool sameText(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    const auto same_ends = [&]<class Number>(Number) {
        const auto number_at = [](const char* at) {
            Number number;
            std::memcpy(&number, at, sizeof number);
            return number;
        };
        const std::size_t last = a.size() - sizeof(Number);
        return ((number_at(a.data()) ^ number_at(b.data())) |
                (number_at(a.data() + last) ^ number_at(b.data() + last))) == 0;
    };
    if (a.size() > 2 * sizeof(std::uint64_t)) return a == b;
    if (a.size() >= sizeof(std::uint64_t)) return same_ends(std::uint64_t());
    if (a.size() >= sizeof(std::uint32_t)) return same_ends(std::uint32_t());
    return std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace footfall
