#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "support/result.h"

namespace footfall {

// File: one open file that is written at its end.
// Threads: one at a time.   Errors: kIo with errno's words; a short write is continued inside.
class File {
  public:
    virtual ~File() = default;
    [[nodiscard]] virtual Result<void> append(std::span<const std::byte> bytes) = 0;
    // After success every byte appended before is on the disk. After failure the state of the disk
    // is unknown and must not be asked for again (RELIABILITY fact 1): never retry.
    [[nodiscard]] virtual Result<void> syncData() = 0;
};

// FileSystem: the seam under everything that Footfall itself writes, so that tests can fill the
// disk, fail a sync and forget what was not synced. DuckDB's own files do not pass through here.
// Threads: all members, any thread.
class FileSystem {
  public:
    virtual ~FileSystem() = default;
    // Creates the file (mode 0600) if it is missing; appends to what is there.
    [[nodiscard]] virtual Result<std::unique_ptr<File>> openForAppend(const std::string& path) = 0;
    [[nodiscard]] virtual Result<std::string> readAll(const std::string& path) = 0;
    // Replaces `path` as a whole: temporary file, sync, rename, directory sync.
    [[nodiscard]] virtual Result<void> replace(const std::string& path, std::string_view text) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
    // Creates one directory (mode 0700) unless it exists, and syncs its parent.
    [[nodiscard]] virtual Result<void> createDirectory(const std::string& path) = 0;
};

// The real one, over POSIX calls.
class PosixFileSystem final : public FileSystem {
  public:
    Result<std::unique_ptr<File>> openForAppend(const std::string& path) override;
    Result<std::string> readAll(const std::string& path) override;
    Result<void> replace(const std::string& path, std::string_view text) override;
    Result<void> remove(const std::string& path) override;
    Result<void> createDirectory(const std::string& path) override;
};

}  // namespace footfall
