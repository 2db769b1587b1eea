#include "database/packed_text.h"

#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "support/random.h"

namespace footfall {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(PackedText, isAUuidItself) {
    const auto packed = packedText("0190f7c2-89ab-7cde-8f01-23456789abcd");

    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->high, 0x0190f7c289ab7cde);
    EXPECT_EQ(packed->low, 0x8f0123456789abcd);
    EXPECT_EQ(textOf(*packed), "0190f7c2-89ab-7cde-8f01-23456789abcd");
}

TEST(PackedText, isLettersWithTheirLengthInTheFirstDigitOfEachHalf) {
    EXPECT_EQ(packedText("B"), (PackedText{.high = 0x1000'0000'0000'0000, .low = 1}));
    EXPECT_EQ(packedText("BAAAAAAAAAC"), (PackedText{.high = 0xb000'0000'0000'0001, .low = 2}));
    EXPECT_EQ(packedText("AAAAAAAAAAAAAAAAAAA_"),
              (PackedText{.high = 0x4000'0000'0000'0000, .low = 0x1000'0000'0000'003f}));
}

TEST(PackedText, isTheHexDigitsAtTheEndOfAText) {
    EXPECT_EQ(packedText("s-0123456789ab"),
              (PackedText{.high = 0x20c7'32d0'0000'0000, .low = 0x2000'0123'4567'89ab}));
    EXPECT_EQ(packedText("507f1f77bcf86cd799439011"),
              (PackedText{.high = 0x0180'0005'07f1'f77b, .low = 0x2cf8'6cd7'9943'9011}));
    // One digit, one character or one hex digit too few: letters, where it has only such.
    EXPECT_EQ(packedText("s-123456789ab")->low >> 60, 0);
    EXPECT_EQ(packedText("cart-no0123456789ab")->low >> 60, 1);
    EXPECT_EQ(packedText("s-0123456789AB")->low >> 60, 0);
}

TEST(PackedText, givesEveryTextThatEndsInHexDigitsBackAndNoTwoTheSameBits) {
    Random random(7);
    std::set<std::string> texts;
    std::set<std::pair<std::uint64_t, std::uint64_t>> bits;
    for (std::size_t characters = 0; characters <= 6; ++characters)
        for (std::size_t digits = 12; digits <= 28 - 2 * characters; ++digits)
            for (int i = 0; i < 100; ++i) {
                std::string text;
                for (std::size_t at = 0; at < characters; ++at)
                    text += i % 2 == 0 ? '0' : static_cast<char>(' ' + random.below(95));
                for (std::size_t at = 0; at < digits; ++at)
                    text += i < 50 ? '0' : "0123456789abcdef"[random.below(16)];

                const auto packed = packedText(text);

                ASSERT_TRUE(packed) << text;
                ASSERT_EQ(packed->low >> 60, 2) << text;
                ASSERT_EQ(textOf(*packed), text);
                texts.insert(text);
                bits.emplace(packed->high, packed->low);
            }
    EXPECT_EQ(bits.size(), texts.size());
}

TEST(PackedText, isNoneOfAnyOtherText) {
    for (const std::string_view text :
         {"", "a letter more than that", "ooooooooooooooooooooo", "o 1", "o.1", "o#1", "é", "a\n",
          "0123456789abcdef0123456789abc",          // 29 digits
          "a-0123456789abcdef0123456789a",          // 13 places are not enough for both
          "é0123456789ab", "\t0123456789ab",        // no ASCII that is seen
          "0190F7C2-89ab-7cde-8f01-23456789abcd",   // reads back in lower case
          "0190f7c2-89ab-7cde-0f01-23456789abcd",   // of another variant
          "0190f7c2-89ab-7cde-cf01-23456789abcd",   //
          "0190f7c2-89ab-7cde-8f01-23456789abcg",   // no digit
          "{190f7c2-89ab-7cde-8f01-23456789abcd",   //
          "0190f7c2089ab07cde08f01023456789abcd"})  // no hyphens
        EXPECT_FALSE(packedText(text)) << text;
}

TEST(PackedText, givesEveryTextOfLettersBackAndNoTwoTheSameBits) {
    Random random(5);
    std::set<std::string> texts;
    std::set<std::pair<std::uint64_t, std::uint64_t>> bits;
    for (std::size_t length = 1; length <= 20; ++length)
        for (int i = 0; i < 200; ++i) {
            std::string text;
            // Mostly the letters whose bits are all equal, where a length that is lost shows.
            for (std::size_t at = 0; at < length; ++at)
                text += random.below(2) == 0 ? (i % 2 == 0 ? 'A' : '_')
                                             : kLetters[random.below(kLetters.size())];

            const auto packed = packedText(text);

            ASSERT_TRUE(packed) << text;
            ASSERT_EQ(textOf(*packed), text);
            texts.insert(text);
            bits.emplace(packed->high, packed->low);
        }
    EXPECT_EQ(bits.size(), texts.size());
}

}  // namespace
}  // namespace footfall
