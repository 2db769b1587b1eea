#include "event_producer/response_times.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

TEST(ResponseTimes, sayNothingWithoutCalls) {
    EXPECT_EQ(ResponseTimes().percentile(0.99), microseconds(0));
    EXPECT_EQ(ResponseTimes().count(), 0u);
}

TEST(ResponseTimes, findPercentilesToThreeDigits) {
    ResponseTimes times;
    for (int ms = 1; ms <= 10'000; ++ms) times.record(std::chrono::milliseconds(ms));

    EXPECT_EQ(times.count(), 10'000u);
    EXPECT_NEAR(double(times.percentile(0.5).count()), 5'000e3, 5e3);
    EXPECT_NEAR(double(times.percentile(0.99).count()), 9'900e3, 9.9e3);
    EXPECT_GE(times.percentile(0.99), microseconds(9'900'000));
    EXPECT_EQ(times.percentile(1), microseconds(10'000'000));
}

TEST(ResponseTimes, keepShortTimesExactAndRoundUpToTheMicrosecond) {
    ResponseTimes times;
    times.record(nanoseconds(2'047'000));
    times.record(nanoseconds(1));

    EXPECT_EQ(times.percentile(0), microseconds(1));
    EXPECT_EQ(times.percentile(1), microseconds(2'047));
}

TEST(ResponseTimes, countLongerThanAnHourAsAnHour) {
    ResponseTimes times;
    times.record(hours(30));

    EXPECT_EQ(times.percentile(0.5), hours(1));
}

TEST(ResponseTimes, mergeToWhatOneWouldHaveSeen) {
    ResponseTimes one;
    ResponseTimes two;
    ResponseTimes both;
    for (int us = 1; us < 100'000; us += 7) {
        (us % 2 == 0 ? one : two).record(microseconds(us));
        both.record(microseconds(us));
    }

    one.merge(two);

    EXPECT_EQ(one.count(), both.count());
    for (const double share : {0.01, 0.5, 0.9, 0.999, 1.0})
        EXPECT_EQ(one.percentile(share), both.percentile(share));
}

}  // namespace
}  // namespace footfall
