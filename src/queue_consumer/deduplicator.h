#pragma once

#include <array>
#include <cstdint>

#include <absl/container/flat_hash_map.h>

#include "database/database.h"
#include "event/event_id.h"

namespace footfall {

// Deduplicator: knows every event id that is stored, exactly.
// Threads: one at a time; the committer's.
// Order of use: isKnown/markPending while a commit is put together, then confirm() once it is in
// the database or discard() when it is not: a mark before the commit would lose the event on a
// crash. Memory: about 32 bytes an id.
class Deduplicator {
  public:
    enum class Verdict { kNew, kDuplicate, kConflict };

    // Reads every stored id. Errors: the database's.
    [[nodiscard]] Result<void> restore(Database& database);

    // kNew marks the id as pending: seen again before confirm() it is a duplicate.
    Verdict decide(EventId id, std::uint32_t payload_hash);
    void confirm();
    void discard();
    std::size_t size() const;
};

}  // namespace footfall
