#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "main/dead_letter_reader.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// ReplayedLetters: which dead letters were sent again and accepted. Kept beside their file as
// dead_letters.replayed: {"replayed":[{"from":0,"to":812,"crc32c":3735928559,"time":"…"}]}, the
// bytes of whole lines, their check sum, and when they were sent.
//
// A range counts only while the file has those bytes there: letters of a file that was replaced or
// edited are waiting again. To send one twice is harmless, to pass one over would not be.
// Threads: one at a time.
// Durability: on disk when save() returned success; replaced as a whole.
// Errors: kIo. A file of ranges that cannot be understood counts as none.
class ReplayedLetters {
  public:
    // `letters_path`: of the dead letters, a file that exists.
    [[nodiscard]] static Result<ReplayedLetters> load(FileSystem& files,
                                                      const std::string& letters_path);

    // When it was accepted; nullopt: it waits.
    std::optional<UtcTime> timeOf(const DeadLetter& letter) const;
    // Letters of one run have one `time`, so that those in a row become one range.
    [[nodiscard]] Result<void> add(const DeadLetter& letter, UtcTime time);
    [[nodiscard]] Result<void> save();

    static std::string pathFor(const std::string& letters_path);

  private:
    struct Range {
        std::uint64_t from = 0;
        std::uint64_t to = 0;
        std::uint32_t crc = 0;
        UtcTime time;
    };
    ReplayedLetters(FileSystem& files, std::string path, std::unique_ptr<PositionedFile> letters);
    static std::vector<Range> parse(const std::string& text);
    [[nodiscard]] Result<std::optional<std::uint32_t>> crcOf(const Range& range,
                                                             std::uint32_t before) const;

    FileSystem& files_;
    std::string path_;
    std::unique_ptr<PositionedFile> letters_;
    std::vector<Range> ranges_;  // by `from`
};

}  // namespace footfall
