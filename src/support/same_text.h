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
        const auto differ_at = [&](std::size_t at) {
            Number of_a;
            Number of_b;
            std::memcpy(&of_a, a.data() + at, sizeof of_a);
            std::memcpy(&of_b, b.data() + at, sizeof of_b);
            return of_a ^ of_b;
        };
        return (differ_at(0) | differ_at(a.size() - sizeof(Number))) == 0;
    };
    if (a.size() > 2 * sizeof(std::uint64_t)) return a == b;
    if (a.size() >= sizeof(std::uint64_t)) return same_ends(std::uint64_t());
    if (a.size() >= sizeof(std::uint32_t)) return same_ends(std::uint32_t());
    return std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace footfall
