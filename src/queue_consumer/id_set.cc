#include "queue_consumer/id_set.h"

#include "support/radix_sort.h"

namespace footfall {

const IdEntry* IdSet::find(const IdEntry& entry) const {
    const Shard& shard = shards_[shardOf(entry.hash())];
    const auto found = shard.find(entry);
    return found == shard.end() ? nullptr : &*found;
}

const IdEntry* IdSet::insert(const IdEntry& entry) {
    const auto [known, is_new] = shards_[shardOf(entry.hash())].insert(entry);
    if (!is_new) return &*known;
    ++size_;
    return nullptr;
}

void IdSet::erase(const IdEntry& entry) {
    size_ -= shards_[shardOf(entry.hash())].erase(entry);
}

void IdSet::prefetch(const IdEntry& entry) const {
    shards_[shardOf(entry.hash())].prefetch(entry);
}

std::vector<IdEntry> IdSet::sortedShard(std::size_t index) const {
    std::vector<IdEntry> entries(shards_[index].begin(), shards_[index].end());
    radixSort(entries, [](const IdEntry& entry) { return entry.hash(); });
    return entries;
}

std::size_t IdSet::shardOf(std::uint64_t hash) {
    static_assert(kShardCount == 64);
    // The hash's upper bits: the table itself hardly uses them, and files are sorted by them.
    return hash >> 58;
}

}  // namespace footfall
