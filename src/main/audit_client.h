#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "main/api_source.h"
#include "support/result.h"

namespace footfall {

// GET /api/v1/audit as numbers.
struct AuditAnswer {
    std::uint64_t received = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t dead_lettered = 0;
    std::uint64_t in_flight = 0;
    bool balanced = false;
    std::string durability;
};
[[nodiscard]] Result<AuditAnswer> fetchAudit(ApiSource& server);

// Asks until no event is in flight. Errors: kDeadlineExceeded; those of the server.
[[nodiscard]] Result<AuditAnswer> waitUntilStored(ApiSource& server,
                                                  std::chrono::milliseconds timeout);

}  // namespace footfall
