#pragma once

#include <functional>
#include <string>

#include "event/event_batch.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// DeadLetters: the file of events that the database can never store: a JSON line each with the
// event in the names of docs/event.md, the reason and the time. Threads: one at a time. Durability:
// on disk when add() returned success.
class DeadLetters {
  public:
    DeadLetters(FileSystem& files, std::string path);
    [[nodiscard]] Result<void> add(const EventView& event, std::string_view reason, UtcTime now);
};

}  // namespace footfall
