#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "main/dead_letter_reader.h"
#include "main/replayed_letters.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// DeadLetterFile: the dead letters that a data folder had when this was opened; a server may go on
// adding to them. Lines that are none are named on stderr, once.
// Threads: one at a time.   Errors: those of DeadLetterReader and ReplayedLetters.
class DeadLetterFile {
  public:
    using Take = std::function<Result<void>(const DeadLetter&)>;

    // nullopt: the database never refused an event. Errors: kNotFound when there is no such folder.
    [[nodiscard]] static Result<std::optional<DeadLetterFile>> open(FileSystem& files,
                                                                    const std::string& data_dir);
    // Gives them to `take` in their order, until that fails.
    [[nodiscard]] Result<void> forEach(const Take& take);

    const std::string& path() const { return path_; }
    ReplayedLetters& replayed() { return replayed_; }

  private:
    DeadLetterFile(std::string path, std::uint64_t bytes, ReplayedLetters replayed)
        : path_(std::move(path)), bytes_(bytes), replayed_(std::move(replayed)) {}

    std::string path_;
    std::uint64_t bytes_;
    ReplayedLetters replayed_;
    bool skipped_were_named_ = false;
};

}  // namespace footfall
