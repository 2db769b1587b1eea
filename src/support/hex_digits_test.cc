#include "support/hex_digits.h"

#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

bool isLower(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

TEST(HexDigitsTest, readsANumberFromItsHighestDigitOn) {
    EXPECT_EQ(HexDigits("0123cdef").number(), 0x0123cdefU);
    EXPECT_EQ(HexDigits("FEDCBA98").number(), 0xfedcba98U);
    EXPECT_EQ(HexDigits("0000000a").number(), 0xaU);
    // "W", whose lower bits are those of no digit, leaves its neighbours alone.
    EXPECT_EQ(HexDigits("12W4WW1a").number() & 0xff0f00ffU, 0x1204001aU);
}

// Each character at each place, all others digits.
TEST(HexDigitsTest, knowsDigitsFromAllOtherBytes) {
    for (int byte = 0; byte < 256; ++byte)
        for (std::size_t place = 0; place < HexDigits::kCount; ++place) {
            const char c = static_cast<char>(byte);
            std::string text = "90afAF12";
            text[place] = c;
            EXPECT_EQ(HexDigits(text.data()).all(), isLower(c) || (c >= 'A' && c <= 'F')) << byte;
            text = "09af8312";
            text[place] = c;
            const auto after = static_cast<unsigned>(HexDigits::kCount - 1 - place);
            EXPECT_EQ(HexDigits(text.data()).lowerAtEnd(), isLower(c) ? HexDigits::kCount : after)
                << byte;
        }
}

}  // namespace
}  // namespace footfall
