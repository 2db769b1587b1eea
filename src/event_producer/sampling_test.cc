#include "event_producer/sampling.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr int kDraws = 200'000;

TEST(WeightedChoice, drawsEachIndexAsOftenAsItsWeightSays) {
    const WeightedChoice choice({5.0, 0.0, 1.0, 14.0});
    Random random(7);

    std::vector<double> counts(choice.size());
    for (int draw = 0; draw < kDraws; ++draw) ++counts[choice.draw(random)];

    EXPECT_EQ(counts[1], 0);
    for (std::size_t index = 0; index < choice.size(); ++index)
        EXPECT_NEAR(counts[index] / kDraws, choice.share(index), 0.005);
    EXPECT_DOUBLE_EQ(choice.share(3), 0.7);
}

TEST(ZipfWeights, fallWithThePlace) {
    const std::vector<double> weights = zipfWeights(2, 4, 2.0);

    ASSERT_EQ(weights.size(), 3u);
    EXPECT_DOUBLE_EQ(weights[0], 0.25);
    EXPECT_DOUBLE_EQ(weights[2], 0.0625);
}

TEST(LogNormal, hasItsMedianAndTheSpreadOfItsLogarithm) {
    const LogNormal quantity = {.median = 30.0, .sigma = 1.3};
    Random random(7);
    std::vector<double> draws(kDraws);

    std::ranges::generate(draws, [&] { return quantity.draw(random); });
    std::ranges::sort(draws);

    EXPECT_NEAR(std::log(draws[kDraws / 2] / 30.0), 0.0, 0.02);
    // One standard deviation above the median lie 84.13 %.
    EXPECT_NEAR(std::log(draws[kDraws * 8413 / 10'000] / 30.0), 1.3, 0.03);
}

}  // namespace
}  // namespace footfall
