#include "support/copy_text.h"

#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(CopyTextTest, copiesEachLengthAndNothingBeside) {
    for (std::size_t size = 0; size <= 80; ++size) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('0' + i);
        std::string to(size + 2, '.');
        copyText(text, to.data() + 1);
        EXPECT_EQ(to, "." + text + ".");
    }
}

}  // namespace
}  // namespace footfall
