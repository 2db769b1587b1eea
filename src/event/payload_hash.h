#pragma once

#include <cstdint>

namespace footfall {

// PayloadHash: of a normalised event, its id, its time of receipt and an assigned timestamp left
// out: tells a resend from a different event under the same id. Every event keeps it for ever, in
// the database and in the files of ids, so it is short: of 65,536 such events one is taken for a
// resend. The later event is not stored either way: only the count of conflicts is one less.
using PayloadHash = std::uint16_t;

}  // namespace footfall
