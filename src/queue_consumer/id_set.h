#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <absl/container/flat_hash_set.h>

#include "queue_consumer/id_entry.h"

namespace footfall {

// IdSet: ids in memory, exactly, with the hash of the first payload of each.
// Threads: one at a time; const members any thread while nobody changes it.
// Cost: 24 to 48 bytes an id, in shards that grow one by one, and one cache miss an access.
class IdSet {
  public:
    // 64: when a shard of a set of a million doubles, 16,000 entries move, not all.
    static constexpr std::size_t kShardCount = 64;

    explicit IdSet(IdKey key);

    // nullptr: not there.
    const IdEntry* find(const IdLookup& lookup) const;
    // The entry that is there under this id already; nullptr: there was none, now there is this.
    const IdEntry* insert(const IdLookup& lookup);
    void erase(const IdLookup& lookup);
    // Fetches what the others will look at; called some ids ahead, it hides the cache miss.
    void prefetch(const IdLookup& lookup) const;
    std::size_t size() const { return size_; }

    // The entries of shard 0, 1, …, one shard after the other, are in the order of their hashes.
    std::vector<IdEntry> sortedShard(std::size_t index) const;

  private:
    // Both take lookups as well, whose hash is known.
    struct Hash {
        using is_transparent = void;
        IdKey key;
        std::size_t operator()(const IdEntry& entry) const { return key.hashOf(entry); }
        std::size_t operator()(const IdLookup& lookup) const { return lookup.hash; }
    };
    struct SameId {
        using is_transparent = void;
        bool operator()(const IdEntry& a, const IdEntry& b) const { return a.id == b.id; }
        bool operator()(const IdEntry& a, const IdLookup& b) const { return a.id == b.entry.id; }
    };
    using Shard = absl::flat_hash_set<IdEntry, Hash, SameId>;

    static std::size_t shardOf(std::uint64_t hash);

    IdKey key_;
    std::array<Shard, kShardCount> shards_;
    std::size_t size_ = 0;
};

}  // namespace footfall
