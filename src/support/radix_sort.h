#pragma once

#include <cstdint>
#include <vector>

#include <boost/sort/spreadsort/integer_sort.hpp>

namespace footfall {

// Sorts by a 64-bit number that is spread evenly over some range, which costs about a quarter of
// what comparing does. `number_of(item)`: the number. Not stable.
template <class Item, class NumberOf>
void radixSort(std::vector<Item>& items, const NumberOf& number_of) {
    boost::sort::spreadsort::integer_sort(
        items.begin(), items.end(),
        [&](const Item& item, unsigned shift) -> std::uint64_t { return number_of(item) >> shift; },
        [&](const Item& a, const Item& b) { return number_of(a) < number_of(b); });
}

}  // namespace footfall
