#include "event_producer/shopper.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "event_producer/driver_run.h"

namespace footfall {
namespace {

constexpr std::uint64_t kSeed = 42;
constexpr std::uint64_t kUsers = 200'000;
const UtcTime kStart = utcFromMicros(1'790'000'123'456'789);

// Plays users 0 to count - 1 and shows each to `look`.
template <class Look>
void playAll(std::uint64_t count, Look look) {
    Shopper shopper;
    for (std::uint64_t user = 0; user < count; ++user) {
        playShopper(defaultBehaviour(), kSeed, user, shopper);
        look(shopper);
    }
}

TEST(Shopper, reachesEachStageAsOftenAsTheModelExpects) {
    std::array<double, kStageCount> users{};
    playAll(kUsers, [&](const Shopper& shopper) {
        std::set<Act> done;
        for (const ShopperEvent& event : shopper.events) done.insert(event.act);
        for (const Act act : done)
            if (isStage(act)) ++users[indexOf(act)];
    });

    const Reach expected = expectedShares(defaultBehaviour());
    for (std::size_t stage = 0; stage < kStageCount; ++stage)
        EXPECT_NEAR(users[stage] / kUsers, expected[stage], 0.005) << actName(kActs[stage]);
}

TEST(Shopper, makesAboutSixEventsSomeOfThemLateSomeOfNoStage) {
    constexpr std::uint64_t kFew = 50'000;
    double events = 0;
    double late = 0;
    double stageless = 0;
    const DriverRun run(defaultBehaviour(), kSeed, kStart);
    const UtcTime late_before = kStart + defaultBehaviour().period - std::chrono::days(30);

    playAll(kFew, [&](const Shopper& shopper) {
        for (const ShopperEvent& event : shopper.events) {
            ++events;
            late += run.timeOf(event) < late_before;
            stageless += !isStage(event.act);
        }
    });

    EXPECT_NEAR(events / kFew, 6.0, 0.3);
    EXPECT_NEAR(late / events, defaultBehaviour().shoppers.offline, 0.003);
    EXPECT_NEAR(stageless / events, 0.004, 0.002);
}

TEST(Shopper, livesInOrderOfTimeAndNeverAfterThePeriod) {
    const DriverRun run(defaultBehaviour(), kSeed, kStart);

    playAll(20'000, [&](const Shopper& shopper) {
        ASSERT_TRUE(std::ranges::is_sorted(shopper.events, {}, &ShopperEvent::offset));
        ASSERT_LT(run.timeOf(shopper.events.back()), kStart + defaultBehaviour().period);
    });
}

TEST(Shopper, shopsByDayMoreThanByNight) {
    double night = 0;
    double evening = 0;
    playAll(20'000, [&](const Shopper& shopper) {
        for (const ShopperEvent& event : shopper.events) {
            // Offsets count from a midnight; those of late events are below zero.
            const std::int64_t days_later = 1'000;
            const auto hour =
                (event.offset + std::chrono::days(days_later)) / std::chrono::hours(1) % 24;
            night += hour >= 2 && hour < 4;
            evening += hour >= 20 && hour < 22;
        }
    });

    EXPECT_GT(evening, 10 * night);
    EXPECT_GT(night, 0);
}

TEST(Shopper, isTheSameWhoeverPlayedBefore) {
    Shopper fresh;
    playShopper(defaultBehaviour(), kSeed, 4'711, fresh);
    Shopper used;
    playShopper(defaultBehaviour(), kSeed, 12, used);
    playShopper(defaultBehaviour(), kSeed, 4'711, used);

    ASSERT_EQ(fresh.events.size(), used.events.size());
    for (std::size_t at = 0; at < fresh.events.size(); ++at) {
        EXPECT_EQ(fresh.events[at].offset, used.events[at].offset);
        EXPECT_EQ(fresh.events[at].act, used.events[at].act);
        EXPECT_EQ(fresh.events[at].city_text, used.events[at].city_text);
    }
}

}  // namespace
}  // namespace footfall
