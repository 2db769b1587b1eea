#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "event/event_batch.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// DeadLetters: the file of events that the database can never store, a JSON line each:
// {"event":{… in the names of docs/event.md},"reason":"…","time":"…"}.
// Threads: one at a time.
// Durability: on disk when add() returned success. After a failure the line may be there in part or
//   twice; every whole line is valid.
// Errors: kIo.
class DeadLetters {
  public:
    DeadLetters(FileSystem& files, std::string path);
    [[nodiscard]] Result<void> add(const EventView& event, std::string_view reason, UtcTime now);

  private:
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> write(std::string_view line);

    FileSystem& files_;
    const std::string path_;
    std::unique_ptr<File> file_;  // opened by the first dead letter, and anew after a failure
};

}  // namespace footfall
