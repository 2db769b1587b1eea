#include "support/same_text.h"

#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(SameTextTest, seesEachByteOfATextOfAnySize) {
    for (std::size_t size = 0; size <= 40; ++size) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
        EXPECT_TRUE(sameText(text, std::string(text)));
        EXPECT_FALSE(sameText(text, text + 'x'));
        for (std::size_t i = 0; i < size; ++i) {
            std::string other = text;
            other[i] = '\xff';
            EXPECT_FALSE(sameText(text, other)) << size << " " << i;
        }
    }
}

}  // namespace
}  // namespace footfall
