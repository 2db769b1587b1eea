#include "support/time_text.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

TimeZone india() {
    return *TimeZone::named("Asia/Kolkata");
}

// What the text means, in UTC; "error" when it means nothing.
std::string utcOf(std::string_view text, const TimeZone& zone = TimeZone::utc()) {
    const Result<UtcTime> time = parseTime(text, zone);
    return time ? formatUtc(*time) : "error";
}

TEST(TimeText, readsRfc3339InAnyOffset) {
    EXPECT_EQ(utcOf("2026-03-01T09:30:00Z"), "2026-03-01T09:30:00Z");
    EXPECT_EQ(utcOf("2026-03-01t09:30:00z"), "2026-03-01T09:30:00Z");
    EXPECT_EQ(utcOf("2026-03-01 09:30:00Z"), "2026-03-01T09:30:00Z");
    EXPECT_EQ(utcOf("2026-03-01T09:30:00+05:30"), "2026-03-01T04:00:00Z");
    EXPECT_EQ(utcOf("2026-02-28T23:30:00-01:00"), "2026-03-01T00:30:00Z");
    EXPECT_EQ(utcOf("2026-03-01T09:30:00-00:00"), "2026-03-01T09:30:00Z");
    EXPECT_EQ(utcOf("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
}

TEST(TimeText, cutsFractionsToMicroseconds) {
    EXPECT_EQ(utcOf("2026-03-01T09:30:00.5Z"), "2026-03-01T09:30:00.5Z");
    EXPECT_EQ(utcOf("2026-03-01T09:30:00.000123Z"), "2026-03-01T09:30:00.000123Z");
    EXPECT_EQ(utcOf("2026-03-01T09:30:00.1234569Z"), "2026-03-01T09:30:00.123456Z");
    EXPECT_EQ(utcOf("1969-12-31T23:59:59.9999999Z"), "1969-12-31T23:59:59.999999Z");
}

TEST(TimeText, countsALeapSecondAsTheFirstOfTheNextMinute) {
    EXPECT_EQ(utcOf("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
    EXPECT_EQ(utcOf("2016-12-31T23:59:60.75Z"), "2017-01-01T00:00:00Z");
}

TEST(TimeText, readsATimeWithoutOffsetInTheGivenZone) {
    EXPECT_EQ(utcOf("2026-03-01T09:30:00.25", india()), "2026-03-01T04:00:00.25Z");
    EXPECT_EQ(utcOf("2026-03-01", india()), "2026-02-28T18:30:00Z");
    EXPECT_EQ(utcOf("2026-03-01T09:30:00Z", india()), "2026-03-01T09:30:00Z");
}

TEST(TimeText, readsASkippedWallTimeAsTheChangeAndADoubledOneAsTheEarlier) {
    const TimeZone paris = *TimeZone::named("Europe/Paris");

    EXPECT_EQ(utcOf("2026-03-29T02:30:00", paris), "2026-03-29T01:00:00Z");
    EXPECT_EQ(utcOf("2026-10-25T02:30:00", paris), "2026-10-25T00:30:00Z");
}

TEST(TimeText, tellsTheUnitOfAnEpochNumberByItsSize) {
    EXPECT_EQ(utcOf("0"), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utcOf("1772357400"), "2026-03-01T09:30:00Z");
    EXPECT_EQ(utcOf("1772357400250"), "2026-03-01T09:30:00.25Z");
    EXPECT_EQ(utcOf("1772357400000250"), "2026-03-01T09:30:00.00025Z");
    EXPECT_EQ(utcOf("1772357400.25"), "2026-03-01T09:30:00.25Z");
    EXPECT_EQ(utcOf("99999999999"), "5138-11-16T09:46:39Z");
    EXPECT_EQ(utcOf("100000000000"), "1973-03-03T09:46:40Z");
    EXPECT_EQ(utcOf("100000000000000"), "1973-03-03T09:46:40Z");
    EXPECT_EQ(utcOf("100000000000000000"), "error");
    EXPECT_EQ(utcOf("-1"), "1969-12-31T23:59:59Z");
    EXPECT_EQ(formatUtc(*timeFromEpochNumber(1772357400.123456)), "2026-03-01T09:30:00.123456Z");
    EXPECT_FALSE(timeFromEpochNumber(1e17));
    EXPECT_FALSE(timeFromEpochNumber(INT64_MIN));
}

TEST(TimeText, refusesEverythingElse) {
    for (const char* text : {"",
                             " ",
                             "yesterday",
                             "2026-03-01T",
                             "2026-03-01T09:30",
                             "2026-03-01T09:30:00+0530",
                             "2026-03-01T09:30:00+05",
                             "2026-03-01T09:30:00.Z",
                             "2026-03-01T24:00:00Z",
                             "2026-03-01T09:60:00Z",
                             "2026-03-01T09:30:61Z",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01",
                             "2026-3-1",
                             "26-03-01",
                             "2026-03-01T09:30:00ZZ",
                             " 2026-03-01",
                             "2026-03-01T09:30:00+24:00",
                             "2026-03-01T09:30:00 Z",
                             "1e400",
                             "nan",
                             "inf",
                             "1,000",
                             "--1",
                             "1-1",
                             "20260301T093000Z"})
        EXPECT_EQ(utcOf(text), "error") << text;
}

TEST(TimeText, knowsTheZonesOfTheMachine) {
    EXPECT_EQ(india().name(), "Asia/Kolkata");
    EXPECT_FALSE(TimeZone::local().name().empty());
    EXPECT_EQ(TimeZone::named("Mars/Olympus").error().code, Code::kInvalidArgument);
}

TEST(TimeText, writesTheDateOfAnInstantInAZone) {
    const UtcTime time = *parseTime("2026-03-01T20:00:00Z", TimeZone::utc());

    EXPECT_EQ(formatDate(time, TimeZone::utc()), "2026-03-01");
    EXPECT_EQ(formatDate(time, india()), "2026-03-02");
}

TEST(TimeText, readsAndWritesWindows) {
    for (const char* text : {"90s", "15m", "12h", "7d", "unlimited"})
        EXPECT_EQ(formatWindow(*parseWindow(text)), text);
    EXPECT_EQ(formatWindow(*parseWindow("60s")), "1m");
    EXPECT_EQ(formatWindow(*parseWindow("24h")), "1d");
    EXPECT_EQ(**parseWindow("7d"), std::chrono::days(7));
    for (const char* text : {"", "7", "d", "-1d", "0s", "7 d", "7w", "7days", "1.5h", "40000d",
                             "99999999999999999999s"})
        EXPECT_EQ(parseWindow(text).error().code, Code::kMalformed) << text;
}

}  // namespace
}  // namespace footfall
