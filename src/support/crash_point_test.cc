#include "support/crash_point.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace footfall {
namespace {

#if defined(FOOTFALL_CRASH_POINTS)
void passThreeTimes() {
    ::setenv("FOOTFALL_CRASH_AT", "here:3", 1);
    crashPoint("here");
    crashPoint("elsewhere");
    crashPoint("here");
    std::fputs("still alive", stderr);
    crashPoint("here");
    std::fputs("not reached", stderr);
}

TEST(CrashPoint, killsTheProcessAtTheNamedPassing) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(passThreeTimes(), testing::KilledBySignal(SIGKILL), "still alive$");
}
#endif

TEST(CrashPoint, doesNothingUnlessAsked) {
    crashPoint("anywhere");
}

}  // namespace
}  // namespace footfall
