#include "journey_index/seconds_histogram.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/random.h"

namespace footfall {
namespace {

SecondsPair neighboursIn(std::vector<std::int64_t> seconds, std::size_t tenths) {
    std::ranges::sort(seconds);
    const std::size_t steps = tenths * (seconds.size() - 1);
    return {.low = seconds[steps / 10], .high = seconds[(steps + 9) / 10]};
}

void expectSame(const SecondsHistogram& histogram, const std::vector<std::int64_t>& seconds) {
    ASSERT_EQ(histogram.count(), static_cast<std::int64_t>(seconds.size()));
    for (const std::size_t tenths : {5U, 9U}) {
        const SecondsPair expected = neighboursIn(seconds, tenths);
        const SecondsPair found = histogram.neighbours(static_cast<std::int64_t>(tenths));
        EXPECT_EQ(found.low, expected.low);
        EXPECT_EQ(found.high, expected.high);
    }
}

// Numbers up to `below`, some of which are taken out again.
void expectSameOfNumbers(std::uint64_t below, std::size_t count) {
    Random random(below);
    SecondsHistogram histogram;
    std::vector<std::int64_t> seconds;
    for (std::size_t i = 0; i < count; ++i) {
        seconds.push_back(static_cast<std::int64_t>(random.below(below)));
        histogram.add(seconds.back());
    }
    expectSame(histogram, seconds);
    while (seconds.size() > count / 3) {
        histogram.remove(seconds.back());
        seconds.pop_back();
    }
    expectSame(histogram, seconds);
    SecondsHistogram sum;
    sum.add(1'700'000'000);
    sum.merge(histogram);
    seconds.push_back(1'700'000'000);
    expectSame(sum, seconds);
}

TEST(SecondsHistogramTest, ranksFewNumbersAsASortedListDoes) {
    for (std::size_t count = 3; count < 40; ++count) expectSameOfNumbers(1 + count / 2, count);
}

TEST(SecondsHistogramTest, ranksManyNumbersAsASortedListDoes) {
    expectSameOfNumbers(1 << 19, 4 * SecondsHistogram::kSparseMax);
}

TEST(SecondsHistogramTest, ranksNumbersBeyondItsDensePart) {
    expectSameOfNumbers(std::uint64_t{1} << 30, 4 * SecondsHistogram::kSparseMax);
}

}  // namespace
}  // namespace footfall
