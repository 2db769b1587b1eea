#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <absl/container/flat_hash_set.h>

#include "queue_consumer/id_entry.h"

namespace footfall {

// IdSet: ids of one key in memory, exactly, with the hash of the first payload of each.
// Threads: one at a time; const members any thread while nobody changes it.
// Cost: 22 to 43 bytes an id, in shards that grow one by one, and one cache miss an access.
class IdSet {
  public:
    // 64: when a shard of a set of a million doubles, 16,000 entries move, not all.
    static constexpr std::size_t kShardCount = 64;

    // nullptr: not there.
    const IdEntry* find(const IdEntry& entry) const;
    // The entry that is there under this id already; nullptr: there was none, now there is this.
    const IdEntry* insert(const IdEntry& entry);
    void erase(const IdEntry& entry);
    // Fetches what the others will look at; called some ids ahead, it hides the cache miss.
    void prefetch(const IdEntry& entry) const;
    std::size_t size() const { return size_; }

    // The entries of shard 0, 1, …, one shard after the other, are in the order of their hashes.
    std::vector<IdEntry> sortedShard(std::size_t index) const;

  private:
    struct Hash {
        std::size_t operator()(const IdEntry& entry) const { return entry.hash(); }
    };
    struct SameId {
        bool operator()(const IdEntry& a, const IdEntry& b) const { return a.isSameId(b); }
    };
    using Shard = absl::flat_hash_set<IdEntry, Hash, SameId>;

    static std::size_t shardOf(std::uint64_t hash);

    std::array<Shard, kShardCount> shards_;
    std::size_t size_ = 0;
};

}  // namespace footfall
