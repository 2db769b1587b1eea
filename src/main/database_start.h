#pragma once

#include <span>
#include <string>
#include <vector>

#include "database/duckdb_database.h"
#include "event/journey.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// DatabaseStart: opens the database of a data folder for a server, and what is damaged of it out of
// the way, so that the journal can fill the gap.
// Threads: one at a time.   Blocks: until the file is open; seconds where DuckDB replays its log.
class DatabaseStart {
  public:
    DatabaseStart(DuckDbDatabase& database, FileSystem& files, std::string path,
                  std::span<const Journey> journeys);

    // Returns where it ends. A log that cannot be replayed is set aside on the way.
    // Errors: kUnavailable: the file is held by another process, or its disk is full: to be tried
    //   again | kFatal: the file is damaged, and is as it was | others: it cannot be opened.
    [[nodiscard]] Result<Applied> open();
    // Sets a damaged file aside and opens an empty one in its place.
    [[nodiscard]] Result<Applied> openEmpty();

    // The files that were set aside.
    const std::vector<std::string>& setAsideFiles() const { return set_aside_; }

  private:
    DuckDbDatabase& database_;
    FileSystem& files_;
    const std::string path_;
    const std::span<const Journey> journeys_;
    std::vector<std::string> set_aside_;
};

}  // namespace footfall
