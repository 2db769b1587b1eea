#include "event_producer/driver_run.h"

#include <set>

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr std::uint64_t kSeed = 42;
const UtcTime kStart = utcFromMicros(1'790'000'123'456'789);

TEST(DriverRun, givesEachEventAnIdOfItsOwnThatIsAUuidOfVersion8) {
    const DriverRun run(defaultBehaviour(), kSeed, kStart);
    const DriverRun later(defaultBehaviour(), kSeed, kStart + Micros(1));
    const DriverRun other(defaultBehaviour(), kSeed + 1, kStart);

    std::set<EventId> ids;
    for (std::uint64_t user = 0; user < 1'000; ++user)
        for (std::size_t event = 0; event < 10; ++event)
            for (const DriverRun* each : {&run, &later, &other})
                ids.insert(each->eventId(user, event));

    EXPECT_EQ(ids.size(), 30'000u);
    EXPECT_NE(run.tag(), later.tag());
    for (const EventId id : ids) {
        ASSERT_EQ(id.high >> 12 & 0xf, 8u);
        ASSERT_EQ(id.low >> 62, 2u);
    }
}

TEST(DriverRun, beginsAtAMidnightOfTheShoppersOnOrAfterStart) {
    const UtcTime midnight = utcFromMicros(1'772'303'400'000'000);  // 2026-03-01T00:00:00+05:30

    EXPECT_EQ(DriverRun(defaultBehaviour(), 1, midnight).firstMidnight(), midnight);
    EXPECT_EQ(DriverRun(defaultBehaviour(), 1, midnight - Micros(1)).firstMidnight(), midnight);
    EXPECT_EQ(DriverRun(defaultBehaviour(), 1, midnight + Micros(1)).firstMidnight(),
              midnight + std::chrono::days(1));
}

}  // namespace
}  // namespace footfall
