#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <absl/container/flat_hash_set.h>

#include "database/database.h"
#include "event/event_id.h"

namespace footfall {

// Deduplicator: knows every event id that is stored or on its way into the database, exactly.
// Threads: one at a time; the committer's.
// Lifetime of a mark: in memory only, so that a crash forgets what was not committed; who decides
// an id brings its event into the database, however long it takes, or forgets it.
// Cost: 24 to 48 bytes an id, in shards that grow one by one, and one cache miss a decision.
class Deduplicator {
  public:
    enum class Verdict { kNew, kDuplicate, kConflict };

    Deduplicator();

    // Reads every stored id. Errors: the database's.
    [[nodiscard]] Result<void> restore(Database& database);

    // kNew marks the id: seen again it is a duplicate, or a conflict if its payload differs.
    Verdict decide(EventId id, std::uint32_t payload_hash);
    // Fetches what decide() will look at; called some ids ahead, it hides the cache miss.
    void prefetch(EventId id) const;
    // The id will not be stored after all; its next event is new.
    void forget(EventId id);
    std::size_t size() const;

  private:
    // An id and its payload's hash without padding: 20 bytes instead of 24.
    struct Entry {
        std::array<std::uint32_t, 4> id;
        std::uint32_t payload_hash;
    };
    // Ids come from outside, so their hash has a seed that nobody outside can know.
    struct Hash {
        std::uint64_t seed;
        std::size_t operator()(const Entry& entry) const;
    };
    struct SameId {
        bool operator()(const Entry& a, const Entry& b) const { return a.id == b.id; }
    };
    using Shard = absl::flat_hash_set<Entry, Hash, SameId>;
    // 64: when a shard of a table of 10 million doubles, 160,000 entries move, not all.
    static constexpr std::size_t kShardCount = 64;

    static Entry entryOf(EventId id, std::uint32_t payload_hash);
    std::size_t shardOf(const Entry& entry) const;

    const Hash hash_;
    std::array<Shard, kShardCount> shards_;
};

}  // namespace footfall
