#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "event/event_id.h"
#include "event/payload_hash.h"

namespace footfall {

// IdKey: the seed that mixes the bits of ids, and so places them in sets, filters and files. Ids
// come from outside, so nobody outside may know it: else they could choose ids that all fall into
// one place.
// Threads: a value.
struct IdKey {
    std::uint64_t seed = 0;

    // Every id has its own: `low` of what comes back is uniform.   Source: two rounds of Feistel.
    EventId mixed(EventId id) const;
    // A checksum that only bytes written under this key, for this `place`, have.
    std::uint64_t checksumOf(const void* bytes, std::size_t count, std::uint64_t place) const;
    bool operator==(const IdKey&) const = default;
};

// IdEntry: an event's id, mixed, and its payload's hash, without padding: 18 bytes. Only entries of
// one key tell ids apart.
// Threads: a value.
struct IdEntry {
    std::array<std::uint16_t, 8> mixed;  // 64 bits of hash, then the rest
    PayloadHash payload_hash;

    static IdEntry of(EventId id, PayloadHash payload_hash, IdKey key) {
        const EventId mixed = key.mixed(id);
        return of(mixed.low, mixed.high, payload_hash);
    }
    static constexpr IdEntry of(std::uint64_t hash, std::uint64_t rest, PayloadHash payload_hash) {
        return {.mixed = std::bit_cast<std::array<std::uint16_t, 8>>(std::array{hash, rest}),
                .payload_hash = payload_hash};
    }
    // 64 uniform bits.
    std::uint64_t hash() const { return halves()[0]; }
    // What else there is of the id.
    std::uint64_t rest() const { return halves()[1]; }
    bool isSameId(const IdEntry& other) const {
        return hash() == other.hash() && rest() == other.rest();
    }
    bool operator==(const IdEntry&) const = default;

  private:
    std::array<std::uint64_t, 2> halves() const {
        return std::bit_cast<std::array<std::uint64_t, 2>>(mixed);
    }
};
static_assert(sizeof(IdEntry) == 18);

// IdLookup: an id that is looked for and the answer.
// Threads: a value.
struct IdLookup {
    IdEntry entry{};
    bool found = false;
    PayloadHash payload_hash = 0;  // of the first event, when found
};

}  // namespace footfall
