#include "queue_consumer/id_set.h"

#include <algorithm>
#include <utility>

namespace footfall {

IdSet::IdSet(IdKey key) : key_(key) {
    for (Shard& shard : shards_) shard = Shard(0, Hash{key});
}

const IdEntry* IdSet::find(const IdLookup& lookup) const {
    const Shard& shard = shards_[shardOf(lookup.hash)];
    const auto found = shard.find(lookup);
    return found == shard.end() ? nullptr : &*found;
}

const IdEntry* IdSet::insert(const IdLookup& lookup) {
    bool is_new = false;
    const auto known = shards_[shardOf(lookup.hash)].lazy_emplace(lookup, [&](const auto& make) {
        make(lookup.entry);
        is_new = true;
    });
    if (!is_new) return &*known;
    ++size_;
    return nullptr;
}

void IdSet::erase(const IdLookup& lookup) {
    size_ -= shards_[shardOf(lookup.hash)].erase(lookup);
}

void IdSet::prefetch(const IdLookup& lookup) const {
    shards_[shardOf(lookup.hash)].prefetch(lookup);
}

std::vector<IdEntry> IdSet::sortedShard(std::size_t index) const {
    std::vector<std::pair<std::uint64_t, IdEntry>> keyed;
    keyed.reserve(shards_[index].size());
    for (const IdEntry& entry : shards_[index]) keyed.emplace_back(key_.hashOf(entry), entry);
    std::ranges::sort(keyed, {}, &std::pair<std::uint64_t, IdEntry>::first);
    std::vector<IdEntry> entries;
    entries.reserve(keyed.size());
    for (const auto& [hash, entry] : keyed) entries.push_back(entry);
    return entries;
}

std::size_t IdSet::shardOf(std::uint64_t hash) {
    static_assert(kShardCount == 64);
    // The hash's upper bits: the table itself hardly uses them, and files are sorted by them.
    return hash >> 58;
}

}  // namespace footfall
