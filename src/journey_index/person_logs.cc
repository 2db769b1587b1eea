#include "journey_index/person_logs.h"

#include <utility>

namespace footfall {
namespace {

// Far enough ahead for memory to answer.
constexpr std::size_t kReadAhead = 8;

std::size_t slotOf(std::uint32_t person) {
    return (person - 1) % LogShard::kPersons;
}

}  // namespace

void PersonLogs::Edit::load(std::uint32_t person, PersonLog& log) const {
    log.decode({stage_count_, encoded(person)});
}

std::span<const std::byte> PersonLogs::Edit::encoded(std::uint32_t person) const {
    return logs_.get(slotOf(person));
}

void PersonLogs::Edit::store(std::uint32_t person, std::span<const std::byte> encoded) {
    logs_.put(slotOf(person), encoded);
}

void PersonLogs::Edit::store(std::uint32_t person, const PersonLog& log) {
    store(person, log.encode(stage_count_, room_));
}

void PersonLogs::Edit::expectPlace(std::uint32_t person) const {
    logs_.prefetchPlace(slotOf(person));
}

void PersonLogs::Edit::expect(std::uint32_t person) const {
    logs_.prefetch(slotOf(person));
}

void PersonLogs::Edit::expectRest(std::uint32_t person) const {
    logs_.prefetchRest(slotOf(person));
}

std::size_t PersonLogs::shardCount() const {
    const MutexLock lock(mutex_);
    return shards_.size();
}

PersonLogs::Shard& PersonLogs::shardAt(std::size_t index) const {
    const MutexLock lock(mutex_);
    return *shards_[index];
}

PersonLogs::Shard& PersonLogs::madeShard(std::size_t index) {
    const MutexLock lock(mutex_);
    while (shards_.size() <= index) shards_.push_back(std::make_unique<Shard>());
    return *shards_[index];
}

void PersonLogs::edit(std::size_t shard, const std::function<void(Edit&)>& change) {
    Shard& edited = madeShard(shard);
    const MutexLock lock(edited.mutex);
    Edit edit(edited.logs, edited.covered, stage_count_);
    change(edit);
    ++edited.edits;
}

void PersonLogs::read(
    std::size_t shard,
    const std::function<void(std::uint32_t person, std::span<const std::byte> log)>& each) const {
    const Shard& from = shardAt(shard);
    const MutexLock lock(from.mutex);
    for (std::size_t slot = 0; slot < LogShard::kPersons; ++slot) {
        if (slot + kReadAhead < LogShard::kPersons) {
            from.logs.prefetch(slot + kReadAhead);
            from.logs.prefetchRest(slot + kReadAhead / 2);
        }
        const auto bytes = from.logs.get(slot);
        if (bytes.empty()) continue;
        each(static_cast<std::uint32_t>(shard * LogShard::kPersons + slot + 1), bytes);
    }
}

void PersonLogs::load(std::uint32_t person, PersonLog& log) const {
    const Shard& of = shardAt(shardOf(person));
    const MutexLock lock(of.mutex);
    log.decode({stage_count_, of.logs.get(slotOf(person))});
}

std::uint64_t PersonLogs::edits(std::size_t shard) const {
    const Shard& of = shardAt(shard);
    const MutexLock lock(of.mutex);
    return of.edits;
}

std::string PersonLogs::text(std::size_t shard) const {
    const Shard& of = shardAt(shard);
    const MutexLock lock(of.mutex);
    return of.logs.toText();
}

Result<void> PersonLogs::restore(std::size_t shard, std::string_view text, SequenceNumber covered) {
    auto logs = LogShard::fromText(text);
    if (!logs) return std::unexpected(std::move(logs.error()));
    Shard& restored = madeShard(shard);
    const MutexLock lock(restored.mutex);
    restored.logs = std::move(*logs);
    restored.covered = covered;
    ++restored.edits;
    return {};
}

std::size_t PersonLogs::bytes() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < shardCount(); ++i) {
        const Shard& shard = shardAt(i);
        const MutexLock lock(shard.mutex);
        sum += shard.logs.bytes();
    }
    return sum;
}

}  // namespace footfall
