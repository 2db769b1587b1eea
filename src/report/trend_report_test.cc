#include "report/trend_report.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

UtcTime at(std::string_view text) {
    return *parseTime(text, TimeZone::utc());
}

TrendCount users(std::string_view time, std::int64_t count) {
    return {.from = at(time), .users = count};
}

Result<TrendReport> reportOf(const std::vector<TrendCount>& counts,
                             const ReportParameters& parameters, const std::string& zone = "UTC") {
    return trendReportOf(counts, parameters,
                         {.zone = *TimeZone::named(zone), .now = at("2026-03-20")});
}

TEST(TrendReport, hasARowForEachDayOfThePeriodWithOrWithoutUsers) {
    const auto report =
        reportOf({users("2026-03-02T10:15:00Z", 3), users("2026-03-02T23:45:00Z", 4)},
                 {.from = at("2026-03-01"), .to = at("2026-03-04")});

    ASSERT_EQ(report->buckets.size(), 3);
    EXPECT_EQ(report->buckets[0].users, 0);
    EXPECT_FALSE(report->buckets[0].conversion.percent);
    EXPECT_EQ(report->buckets[1].users, 7);
    EXPECT_EQ(report->buckets[2].start, "2026-03-03");
    EXPECT_EQ(report->total_users, 7);
}

TEST(TrendReport, goesAsFarAsThereAreUsersWhereThePeriodHasNoEnd) {
    const auto report =
        reportOf({users("2026-03-02T00:00:00Z", 1), users("2026-03-05T00:00:00Z", 1)}, {});

    ASSERT_EQ(report->buckets.size(), 4);
    EXPECT_EQ(report->buckets[0].start, "2026-03-02");
    EXPECT_TRUE(reportOf({}, {.from = at("2026-03-01")})->buckets.empty());
}

TEST(TrendReport, beginsWeeksOnMondayAndSaysWhichAreWhole) {
    const auto report =
        reportOf({}, {.from = at("2026-03-04"), .to = at("2026-03-23"), .by = TrendStep::kWeek});

    ASSERT_EQ(report->buckets.size(), 3);
    EXPECT_EQ(report->buckets[0].start, "2026-03-02");
    EXPECT_FALSE(report->buckets[0].complete) << "begins before the period";
    EXPECT_TRUE(report->buckets[1].complete);
    EXPECT_FALSE(report->buckets[2].complete) << "is not over";
}

TEST(TrendReport, hasDaysOf23HoursWhereTheClockGoesForward) {
    const auto report =
        reportOf({users("2026-03-08T04:45:00Z", 1), users("2026-03-08T05:00:00Z", 2),
                  users("2026-03-09T03:45:00Z", 4), users("2026-03-09T04:00:00Z", 8)},
                 {}, "America/New_York");

    ASSERT_EQ(report->buckets.size(), 3);
    EXPECT_EQ(report->buckets[1].to - report->buckets[1].from, std::chrono::hours(23));
    EXPECT_EQ(report->buckets[0].users, 1);
    EXPECT_EQ(report->buckets[1].users, 6);
    EXPECT_EQ(report->buckets[2].users, 8);
}

TEST(TrendReport, refusesMoreRowsThanAnybodyLooksAt) {
    const auto report = reportOf({}, {.from = at("1900-01-01"), .to = at("2000-01-01")});

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Code::kInvalidArgument);
    EXPECT_EQ(report.error().what.find("by:"), 0);
}

}  // namespace
}  // namespace footfall
