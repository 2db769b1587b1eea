#include "main/csv_reader.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace footfall {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// Gives a text in pieces of `piece` bytes, so that every border falls everywhere.
class PiecewiseSource final : public ByteSource {
  public:
    PiecewiseSource(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t count = std::min({piece_, buffer.size(), text_.size()});
        std::ranges::copy(text_.substr(0, count), buffer.begin());
        text_.remove_prefix(count);
        return count;
    }

  private:
    std::string_view text_;
    std::size_t piece_;
};

Result<Rows> readAll(std::string_view text, char delimiter = ',', std::size_t piece = 3) {
    PiecewiseSource source(text, piece);
    CsvReader reader(source, delimiter);
    Rows rows;
    std::vector<std::string> fields;
    while (true) {
        const auto found = reader.next(fields);
        if (!found) return std::unexpected(found.error());
        if (!*found) return rows;
        rows.push_back(fields);
    }
}

std::string errorOf(std::string_view text) {
    const auto rows = readAll(text);
    return rows ? "no error" : rows.error().what;
}

TEST(CsvReader, readsRowsWithEitherLineEnd) {
    EXPECT_EQ(readAll("a,b\r\n1,2\r\n").value(), (Rows{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(readAll("a,b\n1,2").value(), (Rows{{"a", "b"}, {"1", "2"}}));
}

TEST(CsvReader, keepsDelimitersLineEndsAndDoubledQuotesInsideQuotes) {
    EXPECT_EQ(readAll("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\n\"x\ny\",,\"\"\n").value(),
              (Rows{{"a,b", "say \"hi\"", "two\r\nlines"}, {"x\ny", "", ""}}));
}

TEST(CsvReader, skipsByteOrderMarkAndBlankLines) {
    EXPECT_EQ(readAll("\xef\xbb\xbf"
                      "a,b\n\n1,2\n\n")
                  .value(),
              (Rows{{"a", "b"}, {"1", "2"}}));
}

TEST(CsvReader, keepsAnEmptyLastField) {
    EXPECT_EQ(readAll("a,\n,\n").value(), (Rows{{"a", ""}, {"", ""}}));
}

TEST(CsvReader, takesAnotherDelimiter) {
    EXPECT_EQ(readAll("a\t\"b\tc\"\n", '\t').value(), (Rows{{"a", "b\tc"}}));
}

TEST(CsvReader, readsTheSameHoweverTheBytesArrive) {
    const std::string text = "\"a\r\nb\",c\r\nd,\"\"\"\"\r\n";
    const auto whole = readAll(text, ',', text.size()).value();

    for (std::size_t piece = 1; piece < text.size(); ++piece)
        EXPECT_EQ(readAll(text, ',', piece).value(), whole) << piece;
}

TEST(CsvReader, namesLineAndColumnOfWhatIsWrong) {
    EXPECT_TRUE(errorOf("a,b\n1,x\"y\n").starts_with("line 2, column 4: a quote within"));
    EXPECT_EQ(errorOf("a\n\"x\"y\n"), "line 2, column 4: text after the closing quote");
    EXPECT_EQ(errorOf("a,b\n1,\"x\n\n"), "line 2, column 3: this quote is never closed");
    EXPECT_TRUE(
        errorOf("\"" + std::string(3 << 19, '\n')).starts_with("the row that begins on line 1"));
}

}  // namespace
}  // namespace footfall
