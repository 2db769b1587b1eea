#include "queue_consumer/id_entry.h"

// Inlined: a call would cost as much as hashing 16 bytes does.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "support/random.h"

namespace footfall {

std::uint64_t IdKey::hashOf(const IdEntry& entry) const {
    return XXH3_64bits_withSeed(entry.id.data(), sizeof entry.id, seed);
}

std::uint64_t IdKey::checksumOf(const void* bytes, std::size_t count, std::uint64_t place) const {
    return XXH3_64bits_withSeed(bytes, count, mixBits(seed ^ mixBits(place + 1)));
}

}  // namespace footfall
