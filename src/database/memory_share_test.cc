#include "database/memory_share.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

TEST(MemoryShare, isAnEighthWithinItsBounds) {
    EXPECT_EQ(databaseMemoryOf(512 * kMiB), 192 * kMiB);
    EXPECT_EQ(databaseMemoryOf(8'192 * kMiB), 1'024 * kMiB);
    EXPECT_EQ(databaseMemoryOf(1'048'576 * kMiB), 4'096 * kMiB);
}

TEST(MemoryShare, ofThisMachineIsWithinThem) {
    EXPECT_GE(databaseMemoryBytes(), 192 * kMiB);
    EXPECT_LE(databaseMemoryBytes(), 4'096 * kMiB);
}

}  // namespace
}  // namespace footfall
