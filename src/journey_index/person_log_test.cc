#include "journey_index/person_log.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "support/random.h"
#include "tests/fakes/random_arrivals.h"

namespace footfall {
namespace {

constexpr std::size_t kStages = 7;
constexpr std::uint8_t kLastStage = kStages - 1;
constexpr std::int64_t kNow = 1'790'000'000'123'000;

PersonLog::Arrival arrival(std::int64_t at_us, std::uint8_t id_byte, std::uint32_t city) {
    return {.event = {.at_us = at_us, .city = city, .line = {}},
            .id = {.high = std::uint64_t{id_byte} << 56, .low = 1}};
}

void add(PersonLog& log, std::vector<PersonLog::Arrival> arrivals) {
    log.add(arrivals);
}

std::vector<std::uint32_t> citiesOf(const PersonLog& log) {
    std::vector<std::uint32_t> cities;
    for (const LoggedEvent& event : log.events()) cities.push_back(event.city);
    return cities;
}

bool anyPlaceUnknown(const PersonLog& log) {
    return std::ranges::any_of(log.events(), &LoggedEvent::place_unknown);
}

PersonLog decoded(const PersonLog& log) {
    std::vector<std::byte> room;
    PersonLog copy;
    copy.decode(LogDecoder(kStages, log.encode(kStages, room)));
    return copy;
}

void expectSame(const PersonLog& a, const PersonLog& b) {
    ASSERT_EQ(a.events().size(), b.events().size());
    for (std::size_t i = 0; i < a.events().size(); ++i) EXPECT_EQ(a.events()[i], b.events()[i]);
}

TEST(PersonLogTest, isTheSameAfterItsCompactForm) {
    Random random(1);
    for (int round = 0; round < 500; ++round) {
        PersonLog log;
        const std::size_t count = 1 + random.below(20);
        auto arrivals = randomArrivals(random, count, kNow, random.chance(0.5), kStages);
        log.add(arrivals);
        expectSame(decoded(log), log);
    }
}

TEST(PersonLogTest, keepsTheEndsOfWhatATimeAndACodeCanBe) {
    PersonLog log;
    LoggedEvent last{.at_us = 4'102'444'800'000'001,  // the year 2100
                     .city = std::numeric_limits<std::uint32_t>::max(),
                     .device = std::numeric_limits<std::uint32_t>::max(),
                     .channel = std::numeric_limits<std::uint32_t>::max(),
                     .stage = kLastStage,
                     .line = {.order = std::numeric_limits<std::uint64_t>::max(),
                              .amount_ten_thousandths = 10'000'000'000'000'000,
                              .product = std::numeric_limits<std::uint32_t>::max(),
                              .currency = std::numeric_limits<std::uint32_t>::max()}};
    add(log, {{.event = {.at_us = 0, .line = {}}, .id = {}}, {.event = last, .id = {}}});
    ASSERT_EQ(log.events().size(), 2U);
    expectSame(decoded(log), log);
}

TEST(PersonLogTest, needsFiveBytesForAnEventOfAVisit) {
    PersonLog log;
    for (std::int64_t i = 0; i < 10; ++i) add(log, {arrival(kNow + i * 25'000'000, 7, 12)});
    std::vector<std::byte> room;
    EXPECT_LE(log.encode(kStages, room).size(), 50U);
}

TEST(PersonLogTest, ordersEventsByTimeHoweverTheyCome) {
    PersonLog log;
    add(log, {arrival(kNow + 3, 1, 30), arrival(kNow + 1, 1, 10)});
    log = decoded(log);
    add(log, {arrival(kNow + 2, 1, 20)});
    add(log, {arrival(kNow, 1, 0)});
    EXPECT_EQ(citiesOf(log), (std::vector<std::uint32_t>{0, 10, 20, 30}));
    EXPECT_FALSE(anyPlaceUnknown(log));
}

TEST(PersonLogTest, ordersTheFirstInstantByIdAndKnowsWhenItCannot) {
    PersonLog log;
    add(log, {arrival(kNow, 5, 50)});
    log = decoded(log);
    add(log, {arrival(kNow, 3, 30)});
    log = decoded(log);
    EXPECT_EQ(citiesOf(log), (std::vector<std::uint32_t>{30, 50}));
    EXPECT_FALSE(anyPlaceUnknown(log));

    add(log, {arrival(kNow, 4, 40)});  // after the first; before or after 50?
    EXPECT_EQ(citiesOf(log).front(), 30U);
    EXPECT_FALSE(log.events().front().place_unknown);
    EXPECT_TRUE(anyPlaceUnknown(log));

    add(log, {arrival(kNow, 3, 31)});  // as much the first as the first is
    EXPECT_TRUE(decoded(log).events().front().place_unknown);
}

TEST(PersonLogTest, ordersALaterInstantOnlyWhereAllOfItComesTogether) {
    PersonLog log;
    add(log, {arrival(kNow, 1, 10), arrival(kNow + 1, 9, 90), arrival(kNow + 1, 2, 20),
              arrival(kNow + 1, 5, 50)});
    EXPECT_EQ(citiesOf(log), (std::vector<std::uint32_t>{10, 20, 50, 90}));
    EXPECT_FALSE(anyPlaceUnknown(log));

    add(log, {arrival(kNow + 1, 3, 30)});
    EXPECT_TRUE(anyPlaceUnknown(log));
}

TEST(PersonLogTest, asksForNoOrderAmongEventsThatAreAlike) {
    PersonLog log;
    add(log, {arrival(kNow, 5, 10)});
    add(log, {arrival(kNow, 5, 10)});
    add(log, {arrival(kNow + 1, 5, 20)});
    add(log, {arrival(kNow + 1, 4, 20)});
    EXPECT_FALSE(anyPlaceUnknown(decoded(log)));
}

}  // namespace
}  // namespace footfall
