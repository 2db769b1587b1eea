#pragma once

#include <string>

#include "support/result.h"

namespace footfall {

// TemporaryFolder: a folder of one's own that is gone, with all in it, when this is.
// Threads: a value.
class TemporaryFolder {
  public:
    // Errors: kIo with errno's words.
    [[nodiscard]] static Result<TemporaryFolder> create();
    TemporaryFolder(TemporaryFolder&& other) noexcept;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();

    const std::string& path() const { return path_; }

  private:
    explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
    std::string path_;  // "": moved away
};

}  // namespace footfall
