#include "support/crc32c.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "support/random.h"

namespace footfall {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) {
    return std::as_bytes(std::span(text));
}

TEST(Crc32c, agreesWithTheVectorsOfTheRfc) {
    EXPECT_EQ(crc32c({}), 0u);
    EXPECT_EQ(crc32c(bytesOf("123456789")), 0xe3069283u);
    EXPECT_EQ(crc32c(bytesOf(std::string(32, '\0'))), 0x8a9136aau);
    EXPECT_EQ(crc32c(bytesOf(std::string(32, '\xff'))), 0x62a8ab43u);
}

TEST(Crc32c, isTheSameByTableAndInOneOrMoreParts) {
    Random random(1);
    for (std::size_t size = 0; size < 100; ++size) {
        std::string text(size, '\0');
        for (char& byte : text) byte = static_cast<char>(random.next());
        const std::size_t cut = random.below(size + 1);
        const std::uint32_t whole = crc32c(bytesOf(text));

        EXPECT_EQ(crc32cByTable(bytesOf(text)), whole);
        EXPECT_EQ(crc32c(bytesOf(text).subspan(cut), crc32c(bytesOf(text).subspan(0, cut))), whole);
    }
}

}  // namespace
}  // namespace footfall
