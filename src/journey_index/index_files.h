#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "event/sequence.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// IndexFiles: what the journey index keeps on the disk so that a start need not read every event
// again: one file for each shard of logs and one for the events of no stage. Each says up to which
// event it has been brought, and is replaced alone. Never the only copy: a file that is damaged or
// of another database or journey is removed, and nothing is synced.
// Threads: one at a time.
// Errors: those of FileSystem.
class IndexFiles {
  public:
    // `identity` tells what the codes in the files belong to.
    IndexFiles(FileSystem& files, std::string folder, std::uint64_t identity)
        : files_(files), folder_(std::move(folder)), identity_(identity) {}

    struct Piece {
        std::optional<std::uint32_t> shard;  // nullopt: the events of no stage
        SequenceNumber covered;              // it has every event up to this one
        // No event up to that one is of a person whose code is higher.
        std::uint32_t highest_person = 0;
        std::string text;
    };
    [[nodiscard]] Result<void> write(const Piece& piece);
    // The text that is there covers more than it says: its other fields become those of `piece`.
    [[nodiscard]] Result<void> coverMore(const Piece& piece);
    // Calls with every piece that is whole and covers no more than `applied`.
    [[nodiscard]] Result<void> readAll(SequenceNumber applied,
                                       const std::function<void(Piece&&)>& each);

  private:
    std::string pathOf(std::optional<std::uint32_t> shard) const;
    std::optional<Piece> parse(std::string&& bytes, SequenceNumber applied) const;

    FileSystem& files_;
    const std::string folder_;
    const std::uint64_t identity_;
};

}  // namespace footfall
