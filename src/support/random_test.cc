#include "support/random.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(Random, givesTheSameSequenceForEver) {
    Random random(42);

    // SplitMix64's published sequence: data written from a seed must stay reproducible.
    EXPECT_EQ(random.next(), 13679457532755275413ULL);
    EXPECT_EQ(random.next(), 2949826092126892291ULL);
    EXPECT_EQ(random.next(), 5139283748462763858ULL);
}

TEST(Random, givesNeighboursDifferentSequences) {
    std::set<std::uint64_t> firsts;

    for (std::uint64_t index = 0; index < 10'000; ++index)
        firsts.insert(Random::of(1, index).next());

    EXPECT_EQ(firsts.size(), 10'000u);
}

TEST(Random, staysInRangeAndIsEven) {
    Random random(3);
    std::array<int, 10> counts{};

    for (int i = 0; i < 100'000; ++i) {
        const double unit = random.unit();
        ASSERT_GE(unit, 0.0);
        ASSERT_LT(unit, 1.0);
        ++counts[random.below(10)];
    }

    for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

}  // namespace
}  // namespace footfall
