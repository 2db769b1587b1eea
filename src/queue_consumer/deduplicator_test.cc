#include "queue_consumer/deduplicator.h"

#include <gtest/gtest.h>

#include "support/random.h"
#include "tests/fakes/batches.h"

namespace footfall {
namespace {

using Verdict = Deduplicator::Verdict;

TEST(Deduplicator, tellsTheFirstFromTheResentAndTheDifferent) {
    Deduplicator deduplicator;

    EXPECT_EQ(deduplicator.decide(testId(1), 7), Verdict::kNew);
    EXPECT_EQ(deduplicator.decide(testId(1), 7), Verdict::kDuplicate);
    EXPECT_EQ(deduplicator.decide(testId(1), 8), Verdict::kConflict);
    EXPECT_EQ(deduplicator.decide(testId(1), 7), Verdict::kDuplicate) << "the first payload stays";
    EXPECT_EQ(deduplicator.size(), 1u);
}

TEST(Deduplicator, usesAllBitsOfTheId) {
    Deduplicator deduplicator;
    ASSERT_EQ(deduplicator.decide({.high = 0, .low = 0}, 0), Verdict::kNew);

    for (unsigned bit = 0; bit < 64; ++bit) {
        EXPECT_EQ(deduplicator.decide({.high = 1ULL << bit, .low = 0}, 0), Verdict::kNew);
        EXPECT_EQ(deduplicator.decide({.high = 0, .low = 1ULL << bit}, 0), Verdict::kNew);
    }
}

TEST(Deduplicator, takesAForgottenIdForNew) {
    Deduplicator deduplicator;
    ASSERT_EQ(deduplicator.decide(testId(1), 7), Verdict::kNew);

    deduplicator.forget(testId(1));

    EXPECT_EQ(deduplicator.size(), 0u);
    EXPECT_EQ(deduplicator.decide(testId(1), 8), Verdict::kNew);
}

TEST(Deduplicator, staysExactOverManyIds) {
    Deduplicator deduplicator;
    constexpr std::uint64_t kCount = 200'000;

    for (std::uint64_t i = 0; i < kCount; ++i)
        ASSERT_EQ(deduplicator.decide({.high = mixBits(i), .low = i}, 0), Verdict::kNew);

    EXPECT_EQ(deduplicator.size(), kCount);
    for (std::uint64_t i = 0; i < kCount; ++i)
        ASSERT_EQ(deduplicator.decide({.high = mixBits(i), .low = i}, 0), Verdict::kDuplicate);
}

}  // namespace
}  // namespace footfall
