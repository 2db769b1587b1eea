#include "report/statistics.h"

#include <cmath>
#include <fstream>
#include <functional>
#include <numeric>
#include <span>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

// A line of r_expected.txt: the words before "=" and the numbers after it.
struct Expected {
    std::vector<double> inputs;
    std::vector<double> values;
};

std::vector<Expected> saidByR(const std::string& statistic) {
    std::ifstream file(FOOTFALL_SOURCE_DIR "/tests/reports/r_expected.txt");
    std::vector<Expected> lines;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string word;
        words >> word;
        if (word != statistic) continue;
        Expected expected;
        while (words >> word && word != "=") expected.inputs.push_back(std::stod(word));
        while (words >> word) expected.values.push_back(std::stod(word));
        lines.push_back(expected);
    }
    return lines;
}

std::int64_t whole(double value) {
    return std::llround(value);
}

void expectClose(double actual, double expected, const Expected& line) {
    EXPECT_NEAR(actual, expected, std::abs(expected) * 1e-9) << testing::PrintToString(line.inputs);
}

TEST(Statistics, givesTheWilsonIntervalsOfR) {
    const auto lines = saidByR("wilson");
    ASSERT_GE(lines.size(), 20U);

    for (const Expected& line : lines) {
        const Interval interval =
            wilsonInterval({.hits = whole(line.inputs[0]), .count = whole(line.inputs[1])});

        expectClose(interval.low, line.values[0], line);
        expectClose(interval.high, line.values[1], line);
    }
}

TEST(Statistics, givesThePValuesOfR) {
    const auto lines = saidByR("p_value");
    ASSERT_GE(lines.size(), 10U);

    for (const Expected& line : lines) {
        const Proportion a{.hits = whole(line.inputs[0]), .count = whole(line.inputs[1])};
        const Proportion b{.hits = whole(line.inputs[2]), .count = whole(line.inputs[3])};

        expectClose(equalProportionsPValue(a, b), line.values[0], line);
        expectClose(equalProportionsPValue(b, a), line.values[0], line);
    }
}

TEST(Statistics, adjustsPValuesAsRDoes) {
    const auto lines = saidByR("adjust");
    ASSERT_GE(lines.size(), 3U);

    for (const Expected& line : lines) {
        const std::vector<std::optional<double>> p_values(line.inputs.begin(), line.inputs.end());
        const auto adjusted = adjustPValues(p_values);

        ASSERT_EQ(adjusted.size(), line.values.size());
        for (std::size_t i = 0; i < adjusted.size(); ++i)
            expectClose(*adjusted[i], line.values[i], line);
    }
}

TEST(Statistics, leavesNullPValuesOutOfTheirNumber) {
    const std::vector<std::optional<double>> p_values = {std::nullopt, 0.01, std::nullopt, 0.04};

    const auto adjusted = adjustPValues(p_values);

    EXPECT_EQ(adjusted[0], std::nullopt);
    EXPECT_DOUBLE_EQ(*adjusted[1], 0.02);
    EXPECT_DOUBLE_EQ(*adjusted[3], 0.04);
}

TEST(Statistics, seesNoDifferenceWhereNobodyOrEverybodyBought) {
    EXPECT_EQ(equalProportionsPValue({.hits = 0, .count = 40}, {.hits = 0, .count = 900}), 1);
    EXPECT_EQ(equalProportionsPValue({.hits = 40, .count = 40}, {.hits = 900, .count = 900}), 1);
}

TEST(Statistics, boundsTheIntervalExactlyAtNobodyAndEverybody) {
    EXPECT_EQ(wilsonInterval({.hits = 0, .count = 7}).low, 0);
    EXPECT_GT(wilsonInterval({.hits = 0, .count = 7}).high, 0.3);
    EXPECT_EQ(wilsonInterval({.hits = 7, .count = 7}).high, 1);
    EXPECT_LT(wilsonInterval({.hits = 7, .count = 7}).low, 0.7);
}

TEST(Statistics, takesFishersTestExactlyBelowFiveExpected) {
    // 50 of 1,000 bought; a city of 100 expects exactly 5 buyers, one of 99 a little less.
    const Proportion enough{.hits = 2, .count = 100};
    const Proportion too_few{.hits = 2, .count = 99};
    const Proportion others{.hits = 48, .count = 900};
    const Proportion more_others{.hits = 48, .count = 901};

    EXPECT_NE(equalProportionsPValue(enough, others), fisherPValue(enough, others));
    EXPECT_EQ(equalProportionsPValue(too_few, more_others), fisherPValue(too_few, more_others));
}

TEST(Statistics, needsMoreUsersForASmallerDifference) {
    EXPECT_EQ(usersNeeded(0.027, 0.2), 7072);
    EXPECT_EQ(usersNeeded(0.027, 0.1), 28286);
    EXPECT_EQ(usersNeeded(0, 0.2), std::nullopt);
    EXPECT_EQ(usersNeeded(1, 0.2), std::nullopt);
}

void expectCloseOrZero(double actual, double expected, const Expected& line) {
    EXPECT_NEAR(actual, expected, std::abs(expected) * 1e-9 + 1e-12)
        << testing::PrintToString(line.inputs);
}

TEST(Statistics, dividesADifferenceOfProductsAsRDoes) {
    const auto lines = saidByR("shapley");
    ASSERT_GE(lines.size(), 5U);

    for (const Expected& line : lines) {
        const std::span<const double> factors = line.inputs;
        const std::size_t count = factors.size() / 2;
        const auto here = factors.first(count);
        const auto there = factors.last(count);
        const std::vector<double> parts = shapleyParts(here, there);

        ASSERT_EQ(parts.size(), line.values.size());
        for (std::size_t i = 0; i < count; ++i) expectCloseOrZero(parts[i], line.values[i], line);
        const auto product = [](auto list) {
            return std::accumulate(list.begin(), list.end(), 1.0, std::multiplies());
        };
        expectCloseOrZero(std::accumulate(parts.begin(), parts.end(), 0.0),
                          100 * (product(here) - product(there)), line);
    }
}

TEST(Statistics, drawsRatesTowardsTheirMeanAsRDoes) {
    const auto lines = saidByR("shrinkage");
    ASSERT_GE(lines.size(), 5U);

    for (const Expected& line : lines) {
        std::vector<Proportion> groups;
        for (std::size_t i = 0; i < line.inputs.size(); i += 2)
            groups.push_back({.hits = whole(line.inputs[i]), .count = whole(line.inputs[i + 1])});
        const auto found = shrinkageOf(groups);

        ASSERT_TRUE(found);
        expectCloseOrZero(found->mean, line.values[0], line);
        expectCloseOrZero(found->correlation, line.values[1], line);
        for (std::size_t i = 0; i < groups.size(); ++i)
            expectCloseOrZero(shrunken(groups[i], *found), line.values[i + 2], line);
    }
}

TEST(Statistics, leavesTheRatesOfGroupsThatDifferEntirelyAsTheyAre) {
    const std::vector<Proportion> groups = {{.hits = 0, .count = 2}, {.hits = 2, .count = 2}};

    const auto found = shrinkageOf(groups);

    EXPECT_EQ(found->correlation, 1);
    EXPECT_EQ(priorUsers(*found), 0);
    EXPECT_EQ(shrunken(groups[1], *found), 1);
}

TEST(Statistics, knowsNothingOfNoGroups) {
    EXPECT_FALSE(shrinkageOf({}));
    EXPECT_FALSE(priorUsers({.mean = 0.5, .correlation = 0}));
}

}  // namespace
}  // namespace footfall
