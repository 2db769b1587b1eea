#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "main/command_line.h"
#include "main/server.h"

namespace footfall {

struct ServerFlags {
    std::string host = "localhost";
    std::uint16_t port = 8888;
    std::string data_dir = "./footfall-data";
    std::string database = "duckdb";
    std::string timezone;  // "": the machine's
    std::string currency = "INR";
    std::vector<std::string> journeys;  // files
    std::string durability = "fsync";
    std::uint64_t journal_mb_max = JournalOptions().bytes_max >> 20;
    std::uint64_t journal_keep_mb = ServerOptions().journal_keep_bytes >> 20;
    std::uint32_t journal_keep_days = 0;
    std::uint64_t journal_segment_mb = JournalOptions().segment_bytes >> 20;
    std::uint64_t database_memory_mb = 0;  // 0: databaseMemoryBytes()
    std::size_t hot_ids = DeduplicatorOptions().generation_ids;
    bool accept_loss = false;
};

void addServerFlags(CLI::App& command, ServerFlags& flags);

// Reads and checks the journeys. Errors: kInvalidArgument.
[[nodiscard]] Result<ServerOptions> serverOptionsOf(const ServerFlags& flags);

}  // namespace footfall
