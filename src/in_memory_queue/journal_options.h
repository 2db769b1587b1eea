#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "in_memory_queue/durability.h"
#include "support/random.h"

namespace footfall {

struct JournalOptions {
    std::string folder;  // of the journal alone; created with mode 0700
    Durability durability = Durability::kFsync;

    // Affects the disk.
    std::uint64_t segment_bytes = 64 << 20;  // of one file; a larger record gets a larger one
    std::uint64_t bytes_max = 8ULL << 30;    // of all files; at the limit: kQueueFull
    // What trim() keeps although the database has it: the newest segments up to these. Both 0:
    // nothing. A database that is lost is rebuilt from what is kept. It never takes room that
    // requests need: before one is refused for bytes_max or a full disk, what is kept goes. An age
    // is looked at when the database is checkpointed, so an idle journal keeps what it has.
    std::uint64_t retention_bytes = 0;
    std::chrono::seconds retention_age{0};

    // Affects memory.
    std::size_t waiting_bytes_max = 64 << 20;  // records submitted and not yet answered
    std::size_t group_bytes_max = 4 << 20;     // written and synced at once

    std::uint64_t random_seed = randomSeed();  // draws the salt of a new journal
};

}  // namespace footfall
