#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "event/event_id.h"

namespace footfall {

// IdEntry: an event's id and its payload's hash, without padding: 20 bytes in memory and on disk.
// Threads: a value.
struct IdEntry {
    std::array<std::uint32_t, 4> id;
    std::uint32_t payload_hash;

    static constexpr IdEntry of(EventId id, std::uint32_t payload_hash) {
        return {
            .id = {static_cast<std::uint32_t>(id.high >> 32), static_cast<std::uint32_t>(id.high),
                   static_cast<std::uint32_t>(id.low >> 32), static_cast<std::uint32_t>(id.low)},
            .payload_hash = payload_hash};
    }
    bool operator==(const IdEntry&) const = default;
};
static_assert(sizeof(IdEntry) == 20);

// IdKey: the seed of the hash that places ids in sets, filters and files. Ids come from outside, so
// nobody outside may know it: else they could choose ids that all fall into one place.
// Threads: a value.
struct IdKey {
    std::uint64_t seed = 0;

    std::uint64_t hashOf(const IdEntry& entry) const;
    // A checksum that only bytes written under this key, for this `place`, have.
    std::uint64_t checksumOf(const void* bytes, std::size_t count, std::uint64_t place) const;
    bool operator==(const IdKey&) const = default;
};

// IdLookup: an id that is looked for, its hash, computed once, and the answer.
// Threads: a value.
struct IdLookup {
    IdEntry entry{};
    std::uint64_t hash = 0;
    bool found = false;
    std::uint32_t payload_hash = 0;  // of the first event, when found

    static IdLookup of(const IdEntry& entry, IdKey key) {
        return {.entry = entry, .hash = key.hashOf(entry)};
    }
};

}  // namespace footfall
