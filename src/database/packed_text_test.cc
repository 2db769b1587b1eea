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

TEST(PackedText, isNoneOfAnyOtherText) {
    for (const std::string_view text :
         {"", "a letter more than that", "aaaaaaaaaaaaaaaaaaaaa", "o 1", "o.1", "o#1", "é", "a\n",
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
