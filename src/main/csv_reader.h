#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "main/line_reader.h"

namespace footfall {

// CsvReader: rows of a CSV text after RFC 4180: quoted fields may hold delimiters, line ends and
// doubled quotes; lines end in CRLF or LF; blank lines are skipped.
// Threads: one at a time.   Bounds: a row of at most kRowBytesMax.
// Errors: kMalformed "line 3, column 12: …"; kTooLarge; those of the source.
class CsvReader {
  public:
    static constexpr std::size_t kRowBytesMax = 1 << 20;

    CsvReader(ByteSource& source, char delimiter) : lines_(source), delimiter_(delimiter) {}
    // The next row into `fields`, whose strings are reused; false at the end.
    [[nodiscard]] Result<bool> next(std::vector<std::string>& fields);
    // On which line the row that was read last begins, from 1.
    std::uint64_t line() const { return row_line_; }

  private:
    [[nodiscard]] Result<void> readQuoted(std::string& field);
    [[nodiscard]] Result<void> readPlain(std::string& field);
    [[nodiscard]] Result<void> appendNextLine();
    std::unexpected<Error> malformed(std::string_view what) const;
    bool atRowEnd() const { return position_ == text_.size(); }

    LineReader lines_;
    char delimiter_;
    std::string text_;          // the line being read, without its end
    std::size_t position_ = 0;  // in text_
    std::size_t row_bytes_ = 0;
    std::uint64_t row_line_ = 0;
};

}  // namespace footfall
