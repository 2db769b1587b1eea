#include "queue_consumer/id_entry.h"

// Inlined: a call would cost as much as hashing eight bytes does.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "support/random.h"

namespace footfall {
namespace {

std::uint64_t hashOf(std::uint64_t half, std::uint64_t seed) {
    return XXH3_64bits_withSeed(&half, sizeof half, seed);
}

}  // namespace

EventId IdKey::mixed(EventId id) const {
    const std::uint64_t rest = id.high ^ hashOf(id.low, seed);
    return {.high = rest, .low = id.low ^ hashOf(rest, ~seed)};
}

std::uint64_t IdKey::checksumOf(const void* bytes, std::size_t count, std::uint64_t place) const {
    return XXH3_64bits_withSeed(bytes, count, mixBits(seed ^ mixBits(place + 1)));
}

}  // namespace footfall
