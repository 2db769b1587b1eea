#include "queue_consumer/deduplicator.h"

#include <xxhash.h>

#include "support/random.h"

namespace footfall {

std::size_t Deduplicator::Hash::operator()(const Entry& entry) const {
    return XXH3_64bits_withSeed(entry.id.data(), sizeof entry.id, seed);
}

Deduplicator::Deduplicator() : hash_{randomSeed()} {
    for (Shard& shard : shards_) shard = Shard(0, hash_);
}

Result<void> Deduplicator::restore(Database& database) {
    return database.scanIds({0}, [this](std::span<const StoredId> piece) {
        for (const StoredId& stored : piece) decide(stored.id, stored.payload_hash);
    });
}

Deduplicator::Verdict Deduplicator::decide(EventId id, std::uint32_t payload_hash) {
    const Entry entry = entryOf(id, payload_hash);
    const auto [known, is_new] = shards_[shardOf(entry)].insert(entry);
    if (is_new) return Verdict::kNew;
    return known->payload_hash == payload_hash ? Verdict::kDuplicate : Verdict::kConflict;
}

void Deduplicator::prefetch(EventId id) const {
    const Entry entry = entryOf(id, 0);
    shards_[shardOf(entry)].prefetch(entry);
}

void Deduplicator::forget(EventId id) {
    const Entry entry = entryOf(id, 0);
    shards_[shardOf(entry)].erase(entry);
}

std::size_t Deduplicator::size() const {
    std::size_t sum = 0;
    for (const Shard& shard : shards_) sum += shard.size();
    return sum;
}

Deduplicator::Entry Deduplicator::entryOf(EventId id, std::uint32_t payload_hash) {
    return {.id = {static_cast<std::uint32_t>(id.high >> 32), static_cast<std::uint32_t>(id.high),
                   static_cast<std::uint32_t>(id.low >> 32), static_cast<std::uint32_t>(id.low)},
            .payload_hash = payload_hash};
}

std::size_t Deduplicator::shardOf(const Entry& entry) const {
    static_assert(kShardCount == 64);
    // The hash's upper bits, which the table itself hardly uses.
    return hash_(entry) >> 58;
}

}  // namespace footfall
