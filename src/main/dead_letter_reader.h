#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "main/input_file.h"
#include "main/line_reader.h"
#include "support/clock.h"

namespace footfall {

// A line of the file that queue_consumer/dead_letter.h writes.
struct DeadLetter {
    std::uint64_t line = 0;   // its number, from 1
    std::uint64_t begin = 0;  // offset of its first byte in the file
    std::uint64_t end = 0;    // of the byte after it
    std::string event;        // JSON in the names of docs/event.md, as it was written
    std::string event_id;
    std::string event_type;
    std::string user;  // user_id, else anonymous_id
    std::string reason;
    UtcTime time;  // when the database refused it
};

// DeadLetterReader: the dead letters of a file, in its order. What is none is skipped and said: a
// line that a crash or a full disk tore, whose event the writer has written again.
// Threads: one at a time.   Bounds: memory of one line.
// Errors: those of the source | kTooLarge for a line beyond LineReader's bound.
class DeadLetterReader {
  public:
    using OnSkipped = std::function<void(std::uint64_t line, std::string_view why)>;

    DeadLetterReader(ByteSource& source, OnSkipped on_skipped);
    // nullopt: there is none any more.
    [[nodiscard]] Result<std::optional<DeadLetter>> next();

  private:
    LineReader lines_;
    OnSkipped on_skipped_;
};

}  // namespace footfall
