#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "event/sequence.h"
#include "journey_index/log_shard.h"
#include "journey_index/person_log.h"
#include "support/mutex.h"
#include "support/result.h"

namespace footfall {

// PersonLogs: the logs of all persons, by their code in the database, in shards of
// LogShard::kPersons that are locked, written down and restored one by one.
// Threads: all members, any thread. A shard is locked while it is edited or read.
class PersonLogs {
  public:
    // One shard, open for change.
    class Edit {
      public:
        // Empty when there is none.
        void load(std::uint32_t person, PersonLog& log) const;
        void store(std::uint32_t person, const PersonLog& log);
        // The compact form. Good until the next change.
        std::span<const std::byte> encoded(std::uint32_t person) const;
        void store(std::uint32_t person, std::span<const std::byte> encoded);
        // Say that the person's log is going to be loaded: first later, then soon, then very soon.
        void expectPlace(std::uint32_t person) const;
        void expect(std::uint32_t person) const;
        void expectRest(std::uint32_t person) const;
        // Events up to this one are in the shard already.
        SequenceNumber covered() const { return covered_; }

      private:
        friend class PersonLogs;
        Edit(LogShard& logs, SequenceNumber covered, std::size_t stage_count)
            : logs_(logs), covered_(covered), stage_count_(stage_count) {}

        LogShard& logs_;
        const SequenceNumber covered_;
        const std::size_t stage_count_;
        std::vector<std::byte> room_;
    };

    explicit PersonLogs(std::size_t stage_count) : stage_count_(stage_count) {}

    static std::size_t shardOf(std::uint32_t person) { return (person - 1) / LogShard::kPersons; }
    std::size_t shardCount() const;
    // Makes the shard if there is none.
    void edit(std::size_t shard, const std::function<void(Edit&)>& change);
    // Calls with the compact form of each log of a shard.
    void read(std::size_t shard,
              const std::function<void(std::uint32_t person, std::span<const std::byte> log)>& each)
        const;

    // Empty when there is none.
    void load(std::uint32_t person, PersonLog& log) const;

    // Grows with each edit of the shard.
    std::uint64_t edits(std::size_t shard) const;
    std::string text(std::size_t shard) const;
    // Replaces a shard by what text() gave when it held the events up to `covered` and maybe more.
    // Errors: kMalformed.
    [[nodiscard]] Result<void> restore(std::size_t shard, std::string_view text,
                                       SequenceNumber covered);
    // What they hold in memory.
    std::size_t bytes() const;

  private:
    struct Shard {
        mutable Mutex mutex;
        LogShard logs GUARDED_BY(mutex);
        SequenceNumber covered GUARDED_BY(mutex);
        std::uint64_t edits GUARDED_BY(mutex) = 0;
    };
    Shard& shardAt(std::size_t index) const;
    Shard& madeShard(std::size_t index);

    const std::size_t stage_count_;
    mutable Mutex mutex_;
    std::vector<std::unique_ptr<Shard>> shards_ GUARDED_BY(mutex_);  // none ever goes
};

}  // namespace footfall
