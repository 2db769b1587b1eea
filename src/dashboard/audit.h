#pragma once

#include <cstdint>
#include <string>

#include "database/database.h"
#include "event/sequence.h"

namespace footfall {

// Where every event is that ever came into this data folder.
struct Audit {
    Applied applied;               // read first, so that in_flight is never below 0
    SequenceNumber last_accepted;  // read second
    bool rows_matched_at_start = true;
    std::string_view durability;

    std::uint64_t inFlight() const { return last_accepted.value - applied.last.value; }
    // What was decided is what was stored, found to be a duplicate, or dead-lettered.
    bool balanced() const;
};

// The answer of GET /api/v1/audit.
std::string toJson(const Audit& audit);

}  // namespace footfall
