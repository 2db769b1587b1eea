#include "support/random.h"

#include <sys/random.h>

#include "support/check.h"

namespace footfall {

std::uint64_t randomSeed() {
    std::uint64_t seed = 0;
    CHECK(getrandom(&seed, sizeof seed, 0) == sizeof seed, "the kernel gives random bytes");
    return seed;
}

}  // namespace footfall
