#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace footfall {

// File: one open file that is written at its end.
// Threads: one at a time.   Errors: kUnavailable when the disk or a quota is full, else kIo, with
//   errno's words; a short write is continued inside.
class File {
  public:
    virtual ~File() = default;
    [[nodiscard]] virtual Result<void> append(std::span<const std::byte> bytes) = 0;
    // After success every byte appended before is on the disk. After failure the state of the disk
    // is unknown and must not be asked for again (lwn.net/Articles/752063): never retry.
    [[nodiscard]] virtual Result<void> syncData() = 0;
};

// PositionedFile: one open file that is read and written at offsets; what a journal segment is.
// Threads: const members any thread, beside at most one that calls the others.
// Errors: as File. After a failed writeAt the bytes from its offset on are undefined.
class PositionedFile {
  public:
    virtual ~PositionedFile() = default;
    // Fills `out` from `offset` on and returns the number of bytes read: fewer only at the end.
    [[nodiscard]] virtual Result<std::size_t> readAt(std::uint64_t offset,
                                                     std::span<std::byte> out) const = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
    // Writing beyond the end makes the file longer; a gap reads as zeros.
    [[nodiscard]] virtual Result<void> writeAt(std::uint64_t offset,
                                               std::span<const std::byte> bytes) = 0;
    // Shorter: what is behind `bytes` is gone for good. Longer: zeros.
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t bytes) = 0;
    // Takes the room for `bytes` bytes from the disk now, so that a write within them cannot find
    // it full. Where the file system cannot do that, nothing happens.
    [[nodiscard]] virtual Result<void> preallocate(std::uint64_t bytes) = 0;
    // As File::syncData. The size is part of what is synced.
    [[nodiscard]] virtual Result<void> syncData() = 0;
};

enum class OpenMode {
    kRead,
    kReadWrite,
    kCreate,  // mode 0600; an existing file is emptied
};

// FileSystem: the seam under everything that Footfall itself writes, so that tests can fill the
// disk, fail a sync and forget what was not synced. DuckDB's own files do not pass through here.
// Threads: all members, any thread.
class FileSystem {
  public:
    virtual ~FileSystem() = default;
    // Creates the file (mode 0600) if it is missing; appends to what is there.
    [[nodiscard]] virtual Result<std::unique_ptr<File>> openForAppend(const std::string& path) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<PositionedFile>> open(const std::string& path,
                                                                       OpenMode mode) = 0;
    [[nodiscard]] virtual Result<std::string> readAll(const std::string& path) = 0;
    // Replaces `path` as a whole: temporary file, sync, rename, directory sync.
    [[nodiscard]] virtual Result<void> replace(const std::string& path, std::string_view text) = 0;
    // Durable when it returns.
    [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
    // Replaces `to` in one step. Durable after syncDirectory() of the folder, and so is link().
    [[nodiscard]] virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    // A second name for the same file. Errors: kInvalidArgument when there is a file `to` already.
    [[nodiscard]] virtual Result<void> link(const std::string& from, const std::string& to) = 0;
    // The names of the files in a folder, sorted; folders left out.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
    [[nodiscard]] virtual Result<void> syncDirectory(const std::string& folder) = 0;
    // Creates one directory (mode 0700) unless it exists, and syncs its parent.
    [[nodiscard]] virtual Result<void> createDirectory(const std::string& path) = 0;
};

// The real one, over POSIX calls.
class PosixFileSystem final : public FileSystem {
  public:
    Result<std::unique_ptr<File>> openForAppend(const std::string& path) override;
    Result<std::unique_ptr<PositionedFile>> open(const std::string& path, OpenMode mode) override;
    Result<std::string> readAll(const std::string& path) override;
    Result<void> replace(const std::string& path, std::string_view text) override;
    Result<void> remove(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> link(const std::string& from, const std::string& to) override;
    Result<std::vector<std::string>> list(const std::string& folder) override;
    Result<void> syncDirectory(const std::string& folder) override;
    Result<void> createDirectory(const std::string& path) override;
};

}  // namespace footfall
