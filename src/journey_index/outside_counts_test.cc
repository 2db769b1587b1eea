#include "journey_index/outside_counts.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr std::int64_t kQuarter = 900'000'000;

TEST(OutsideCountsTest, countsTypesAndEventsOfAPeriod) {
    OutsideCounts counts;
    counts.add(1, 0);
    counts.add(1, kQuarter - 1);
    counts.add(2, kQuarter);
    counts.add(3, 5 * kQuarter);
    const auto all = counts.count(std::nullopt, std::nullopt);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->event_types, 3);
    EXPECT_EQ(all->events, 4);
    const auto first = counts.count(0, kQuarter);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->event_types, 1);
    EXPECT_EQ(first->events, 2);
    EXPECT_EQ(counts.count(kQuarter, std::nullopt)->events, 2);
}

TEST(OutsideCountsTest, tellsNothingOfAPeriodThatCutsAQuarter) {
    OutsideCounts counts;
    counts.add(1, 0);
    EXPECT_FALSE(counts.count(1, kQuarter));
    EXPECT_FALSE(counts.count(0, kQuarter + 1));
}

TEST(OutsideCountsTest, tellsNothingOnceThereAreTooManyQuarters) {
    OutsideCounts counts;
    for (std::size_t i = 0; i <= OutsideCounts::kEntriesMax; ++i)
        counts.add(1, static_cast<std::int64_t>(i) * kQuarter);
    EXPECT_FALSE(counts.count(std::nullopt, std::nullopt));
}

TEST(OutsideCountsTest, isTheSameAfterItsText) {
    OutsideCounts counts;
    for (std::uint32_t type = 1; type < 100; ++type) counts.add(type, type * kQuarter);
    const auto copy = OutsideCounts::fromText(counts.toText());
    ASSERT_TRUE(copy);
    const auto count = copy->count(std::nullopt, 50 * kQuarter);
    EXPECT_EQ(count->event_types, 49);
    EXPECT_FALSE(OutsideCounts::fromText(counts.toText().substr(1)));
}

}  // namespace
}  // namespace footfall
