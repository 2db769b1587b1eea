#include "support/retry.h"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

namespace footfall {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

nanoseconds longestOf(unsigned attempt, const BackoffOptions& options) {
    nanoseconds longest{0};
    Random random(7);
    for (int i = 0; i < 10'000; ++i)
        longest = std::max(longest, backoffDelay(options, attempt, random));
    return longest;
}

TEST(Backoff, doublesItsCeilingUpToTheMaximum) {
    const BackoffOptions options{.base = milliseconds(100), .max = milliseconds(1'000)};

    // Full jitter: of 10,000 draws the longest is close below the ceiling.
    EXPECT_NEAR(static_cast<double>(longestOf(1, options).count()), 100e6, 1e6);
    EXPECT_NEAR(static_cast<double>(longestOf(2, options).count()), 200e6, 2e6);
    EXPECT_NEAR(static_cast<double>(longestOf(4, options).count()), 800e6, 8e6);
    EXPECT_NEAR(static_cast<double>(longestOf(5, options).count()), 1000e6, 10e6);
}

TEST(Backoff, staysBelowTheMaximumForAnyAttempt) {
    const BackoffOptions options;

    for (const unsigned attempt : {20u, 21u, 64u, 4'000'000'000u})
        EXPECT_LE(longestOf(attempt, options), options.max) << attempt;
}

TEST(Backoff, startsAnywhereFromZero) {
    Random random(1);
    nanoseconds shortest = std::chrono::hours(1);

    for (int i = 0; i < 1'000; ++i)
        shortest = std::min(shortest, backoffDelay(BackoffOptions{}, 10, random));

    EXPECT_LT(shortest, milliseconds(200));
}

}  // namespace
}  // namespace footfall
