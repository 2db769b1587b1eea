#pragma once

#include <chrono>

#include "support/random.h"

namespace footfall {

struct BackoffOptions {
    std::chrono::milliseconds base{100};    // upper end of the first delay
    std::chrono::milliseconds max{30'000};  // no delay is longer
};

// How long to wait before attempt number `attempt` (the first retry is 1): uniform in
// [0, min(max, base * 2^(attempt-1))], "full jitter", so that clients that failed together do not
// come back together.
// Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
std::chrono::nanoseconds backoffDelay(const BackoffOptions& options, unsigned attempt,
                                      Random& random);

}  // namespace footfall
