#include "report/text_layout.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr TextStyle kUnicode = TextStyle::kUnicode;
constexpr TextStyle kAscii = TextStyle::kAscii;

TEST(TextLayout, measuresWhatIsDisplayed) {
    EXPECT_EQ(displayWidth("Pune"), 4U);
    EXPECT_EQ(displayWidth("東京"), 4U);
    EXPECT_EQ(displayWidth("e\u0301"), 1U);
}

TEST(TextLayout, padsToTheColumn) {
    EXPECT_EQ(padRight("Pune", 6, kUnicode), "Pune  ");
    EXPECT_EQ(padLeft("Pune", 6), "  Pune");
    EXPECT_EQ(padRight("東京", 6, kUnicode), "東京  ");
}

TEST(TextLayout, cutsBetweenCharacters) {
    EXPECT_EQ(padRight("Thiruvananthapuram", 6, kUnicode), "Thiru…");
    EXPECT_EQ(padRight("Thiruvananthapuram", 6, kAscii), "Thiru~");
    EXPECT_EQ(padRight("東京都千代田区", 6, kUnicode), "東京… ");
    EXPECT_EQ(padRight("ae\u0301ou", 3, kUnicode), "ae\u0301…");
}

TEST(TextLayout, drawsBarsInEighths) {
    EXPECT_EQ(bar(1, 2, kUnicode), "██");
    EXPECT_EQ(bar(0.75, 2, kUnicode), "█▌");
    EXPECT_EQ(bar(0, 2, kUnicode), "");
    EXPECT_EQ(bar(0.75, 4, kAscii), "###");
}

TEST(TextLayout, breaksBetweenWords) {
    EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
    EXPECT_EQ(wrapped("adds up to 100 % here", 13, 0), "adds up to\n100 % here");
    EXPECT_EQ(wrapped("unbreakable", 4, 2), "unbreakable");
}

}  // namespace
}  // namespace footfall
