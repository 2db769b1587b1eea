#include "support/log.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(ForLog, keepsOneEventOnOneLine) {
    EXPECT_EQ(forLog("a\r\nb\x1b[31m\tc"), "a\\u000d\\u000ab\\u001b[31m\\u0009c");
    EXPECT_EQ(forLog("Bengaluru बेंगलुरु"), "Bengaluru बेंगलुरु");
}

TEST(ForLog, takesBidirectionalControlsOut) {
    EXPECT_EQ(forLog("a\u202eb\u2066c\u200fd"), "a\\u{bidi}b\\u{bidi}c\\u{bidi}d");
    EXPECT_EQ(forLog("a\u2019b"), "a\u2019b");
}

TEST(ForLog, cutsLongTextOnACharactersBorder) {
    const std::string text = std::string(255, 'x') + "éééé";

    EXPECT_EQ(forLog(text), std::string(255, 'x') + "é…");
}

}  // namespace
}  // namespace footfall
