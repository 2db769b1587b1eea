#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "main/input_file.h"

namespace footfall {

// LineReader: the lines of a text, LF or CRLF, without a byte order mark.
// Threads: one at a time.   Bounds: a line of at most line_bytes_max.
// Errors: kTooLarge "line 3 …"; those of the source.
class LineReader {
  public:
    static constexpr std::size_t kLineBytesMax = 1 << 20;

    explicit LineReader(ByteSource& source) : source_(source), buffer_(kBufferBytes) {}
    // The next line without its end into `line`; false when there is none.
    [[nodiscard]] Result<bool> next(std::string& line);
    // The number of the line that was read last, from 1.
    std::uint64_t number() const { return number_; }
    // Whether that line ended in CRLF: what a quoted CSV field that goes on must keep.
    bool endedInCrLf() const { return ended_in_cr_lf_; }
    // Whether it ended at all; the last line of a text may not.
    bool ended() const { return ended_; }
    // Where it ended: the bytes of the text up to there, its line end included.
    std::uint64_t endOffset() const { return end_offset_; }

  private:
    static constexpr std::size_t kBufferBytes = 256 << 10;
    [[nodiscard]] Result<bool> fill();

    ByteSource& source_;
    std::vector<char> buffer_;
    std::size_t position_ = 0;
    std::size_t end_ = 0;
    std::uint64_t number_ = 0;
    std::uint64_t end_offset_ = 0;
    bool ended_ = false;
    bool ended_in_cr_lf_ = false;
};

}  // namespace footfall
