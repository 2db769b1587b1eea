#include "support/crash_point.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/time.h>

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

void stall() {
    ::setenv("FOOTFALL_STALL_AT", "here:1", 1);
    const itimerval end{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 50'000}};
    ::setitimer(ITIMER_REAL, &end, nullptr);
    crashPoint("here");
    std::_Exit(0);
}

TEST(CrashPoint, makesTheThreadWaitForEverWhereAskedTo) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(stall(), testing::KilledBySignal(SIGALRM), "");
}
#endif

TEST(CrashPoint, doesNothingUnlessAsked) {
    crashPoint("anywhere");
}

}  // namespace
}  // namespace footfall
