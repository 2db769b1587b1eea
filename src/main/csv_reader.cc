#include "main/csv_reader.h"

#include <fmt/format.h>

namespace footfall {

Result<bool> CsvReader::next(std::vector<std::string>& fields) {
    do {
        auto found = lines_.next(text_);
        if (!found || !*found) return found;
    } while (text_.empty());
    position_ = 0;
    row_bytes_ = text_.size();
    row_line_ = lines_.number();

    std::size_t count = 0;
    while (true) {
        if (count == fields.size()) fields.emplace_back();
        std::string& field = fields[count++];
        field.clear();
        const bool quoted = !atRowEnd() && text_[position_] == '"';
        if (auto read = quoted ? readQuoted(field) : readPlain(field); !read)
            return std::unexpected(std::move(read.error()));
        if (atRowEnd()) break;
        ++position_;  // the delimiter
    }
    fields.resize(count);
    return true;
}

Result<void> CsvReader::readPlain(std::string& field) {
    const std::size_t end = std::min(text_.find(delimiter_, position_), text_.size());
    field.assign(text_, position_, end - position_);
    if (const std::size_t quote = field.find('"'); quote != std::string::npos) {
        position_ += quote;
        return malformed(
            "a quote within a field that does not begin with one; double it and put "
            "the whole field in quotes");
    }
    position_ = end;
    return {};
}

Result<void> CsvReader::readQuoted(std::string& field) {
    const std::size_t begin_column = position_ + 1;
    const std::uint64_t begin_line = lines_.number();
    ++position_;
    while (true) {
        const std::size_t quote = text_.find('"', position_);
        if (quote == std::string::npos) {
            field.append(text_, position_);
            field += lines_.endedInCrLf() ? "\r\n" : "\n";
            if (auto appended = appendNextLine(); !appended) {
                if (appended.error().code != Code::kNotFound) return appended;
                return fail(Code::kMalformed,
                            fmt::format("line {}, column {}: this quote is never closed",
                                        begin_line, begin_column));
            }
            continue;
        }
        field.append(text_, position_, quote - position_);
        position_ = quote + 1;
        if (atRowEnd() || text_[position_] == delimiter_) return {};
        if (text_[position_] != '"') return malformed("text after the closing quote");
        field += '"';
        ++position_;
    }
}

// A field goes on in the next line. kNotFound: there is none.
Result<void> CsvReader::appendNextLine() {
    const auto found = lines_.next(text_);
    if (!found) return std::unexpected(found.error());
    if (!*found) return fail(Code::kNotFound, "");
    position_ = 0;
    row_bytes_ += text_.size() + 1;
    if (row_bytes_ > kRowBytesMax)
        return fail(Code::kTooLarge, fmt::format("the row that begins on line {} is longer than {} "
                                                 "bytes; is a quote missing?",
                                                 row_line_, kRowBytesMax));
    return {};
}

std::unexpected<Error> CsvReader::malformed(std::string_view what) const {
    return fail(Code::kMalformed,
                fmt::format("line {}, column {}: {}", lines_.number(), position_ + 1, what));
}

}  // namespace footfall
