#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "support/mutex.h"
#include "support/result.h"

namespace footfall {

// EventLog: the file of --output, one event sent a line.
// Threads: append() any; the others one at a time.   Durability: none, it is a copy.
// Errors: kIo; a failed append is reported by close().
class EventLog {
  public:
    // Empties the file if there is one.
    [[nodiscard]] Result<void> open(const std::string& path);
    bool isOpen() const { return open_; }
    // Whole lines; those of one call stay together.
    void append(std::string_view lines);
    [[nodiscard]] Result<void> close();

  private:
    std::string path_;
    bool open_ = false;

    Mutex mutex_;
    std::ofstream file_ GUARDED_BY(mutex_);
};

}  // namespace footfall
