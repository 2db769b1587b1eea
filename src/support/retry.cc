#include "support/retry.h"

#include <algorithm>

#include "support/check.h"

namespace footfall {

std::chrono::nanoseconds backoffDelay(const BackoffOptions& options, unsigned attempt,
                                      Random& random) {
    CHECK(attempt >= 1, "the first attempt needs no delay");
    // 2^20 times any sensible base is over any sensible maximum, and cannot overflow.
    const unsigned doublings = std::min(attempt - 1, 20u);
    const std::chrono::nanoseconds ceiling =
        std::min<std::chrono::nanoseconds>(options.max, options.base * (1LL << doublings));
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(random.unit() * static_cast<double>(ceiling.count())));
}

}  // namespace footfall
