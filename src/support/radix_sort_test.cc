#include "support/radix_sort.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "support/random.h"

namespace footfall {
namespace {

void expectSorts(std::uint64_t below, std::size_t count) {
    Random random(count);
    std::vector<std::uint64_t> numbers(count);
    for (std::uint64_t& number : numbers) number = random.below(below);
    std::vector<std::uint64_t> sorted = numbers;
    std::ranges::sort(sorted);
    radixSort(numbers, std::identity());
    EXPECT_EQ(numbers, sorted);
}

TEST(RadixSortTest, sortsFewAndManyNumbersOfAnyRange) {
    for (const std::size_t count : {0U, 1U, 2U, 100U, 5'000U, 200'000U})
        for (const std::uint64_t below :
             {std::uint64_t{1}, std::uint64_t{1'000}, std::uint64_t{1} << 40, ~std::uint64_t{0}})
            expectSorts(below, count);
}

}  // namespace
}  // namespace footfall
