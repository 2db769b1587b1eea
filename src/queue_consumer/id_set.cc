#include "queue_consumer/id_set.h"

#include <algorithm>
#include <utility>

namespace footfall {

IdSet::IdSet(IdKey key) : key_(key) {
    for (Shard& shard : shards_) shard = Shard(0, Hash{key});
}

const IdEntry* IdSet::find(const IdEntry& entry) const {
    const Shard& shard = shards_[shardOf(entry)];
    const auto found = shard.find(entry);
    return found == shard.end() ? nullptr : &*found;
}

const IdEntry* IdSet::insert(const IdEntry& entry) {
    const auto [known, is_new] = shards_[shardOf(entry)].insert(entry);
    if (!is_new) return &*known;
    ++size_;
    return nullptr;
}

void IdSet::erase(const IdEntry& entry) {
    size_ -= shards_[shardOf(entry)].erase(entry);
}

void IdSet::prefetch(const IdEntry& entry) const {
    shards_[shardOf(entry)].prefetch(entry);
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

std::size_t IdSet::shardOf(const IdEntry& entry) const {
    static_assert(kShardCount == 64);
    // The hash's upper bits: the table itself hardly uses them, and files are sorted by them.
    return key_.hashOf(entry) >> 58;
}

}  // namespace footfall
