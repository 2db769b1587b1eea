#include "report/number_text.h"

#include <gtest/gtest.h>

#include "report/period_text.h"

namespace footfall {
namespace {

constexpr TextStyle kUnicode = TextStyle::kUnicode;

Decimal amount(std::int64_t whole) {
    return {.ten_thousandths = Int128{whole} * 10'000};
}

TEST(NumberText, groupsThousands) {
    EXPECT_EQ(groupThousands(0), "0");
    EXPECT_EQ(groupThousands(999), "999");
    EXPECT_EQ(groupThousands(1'000), "1,000");
    EXPECT_EQ(groupThousands(1'234'567), "1,234,567");
    EXPECT_EQ(groupThousands(-123'456), "-123,456");
}

TEST(NumberText, countsRupeesInLakhAndCrore) {
    EXPECT_EQ(moneyText(amount(950), "INR", kUnicode), "₹950.00");
    EXPECT_EQ(moneyText(amount(98'765), "INR", kUnicode), "₹98,765");
    EXPECT_EQ(moneyText(amount(452'000), "INR", kUnicode), "₹4.52 lakh");
    EXPECT_EQ(moneyText(amount(11'000'000), "INR", kUnicode), "₹1.10 crore");
    EXPECT_EQ(moneyText(amount(11'000'000), "INR", TextStyle::kAscii), "INR 1.10 crore");
    EXPECT_EQ(moneyText(amount(11'000'000), "USD", kUnicode), "USD 11,000,000");
    EXPECT_EQ(shortAmount(amount(11'000'000), "USD"), "11.0 M");
    EXPECT_EQ(shortAmount(amount(452'000), "INR"), "4.5 L");
}

TEST(NumberText, saysHowLong) {
    EXPECT_EQ(durationText(0.4), "0 s");
    EXPECT_EQ(durationText(59.6), "1 m 00 s");
    EXPECT_EQ(durationText(245), "4 m 05 s");
    EXPECT_EQ(durationText(3'600), "1 h 00 m");
    EXPECT_EQ(durationText(187'200), "2 d 4 h");
    EXPECT_EQ(windowText(std::chrono::hours(7 * 24)), "7 days");
    EXPECT_EQ(windowText(std::chrono::minutes(90)), "90 minutes");
    EXPECT_EQ(windowText(std::chrono::hours(1)), "1 hour");
}

std::string titleOf(const char* from, const char* to) {
    const TimeZone zone = *TimeZone::named("Asia/Kolkata");
    ReportParameters asked;
    if (from != nullptr) asked.from = *parseTime(from, zone);
    if (to != nullptr) asked.to = *parseTime(to, zone);
    const std::string title = titleText(asked, zone, kUnicode);
    const std::size_t begin = title.find(" · ") + 4;
    return title.substr(begin, title.find(", Asia") - begin);
}

TEST(PeriodText, namesTheLastDayAndWhatIsSharedOnce) {
    EXPECT_EQ(titleOf(nullptr, nullptr), "all time");
    EXPECT_EQ(titleOf("2026-03-01", "2026-03-02"), "1 Mar 2026");
    EXPECT_EQ(titleOf("2026-03-01", "2026-03-29"), "1–28 Mar 2026");
    EXPECT_EQ(titleOf("2026-02-25", "2026-03-04"), "25 Feb – 3 Mar 2026");
    EXPECT_EQ(titleOf("2025-12-28", "2026-01-04"), "28 Dec 2025 – 3 Jan 2026");
    EXPECT_EQ(titleOf("2026-03-01", nullptr), "since 1 Mar 2026");
    EXPECT_EQ(titleOf(nullptr, "2026-03-29"), "until 28 Mar 2026");
}

TEST(PeriodText, saysTheInstantWhenAnEndIsNoMidnight) {
    EXPECT_EQ(titleOf("2026-03-01T09:30:00", "2026-03-02"),
              "from 1 Mar 2026 09:30:00 and before 2 Mar 2026 00:00:00");
}

}  // namespace
}  // namespace footfall
