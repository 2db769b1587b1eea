#include "journey_index/log_shard.h"

#include <algorithm>
#include <cstring>
#include <map>

#include <gtest/gtest.h>

#include "support/random.h"

namespace footfall {
namespace {

using Log = std::vector<std::byte>;

Log randomLog(Random& random, std::size_t bytes) {
    Log log(bytes);
    for (std::byte& byte : log) byte = static_cast<std::byte>(random.next());
    return log;
}

Log logIn(const LogShard& shard, std::size_t slot) {
    const auto bytes = shard.get(slot);
    return {bytes.begin(), bytes.end()};
}

TEST(LogShardTest, givesBackWhatWasPutLastThroughGrowthAndReuse) {
    Random random(3);
    LogShard shard;
    std::map<std::size_t, Log> expected;
    for (int i = 0; i < 100'000; ++i) {
        const std::size_t slot = random.below(500);
        const std::size_t bytes = 1 + expected[slot].size() + random.below(8);
        expected[slot] = randomLog(random, bytes > 900 ? 1 : bytes);
        shard.put(slot, expected[slot]);
    }
    for (const auto& [slot, log] : expected) EXPECT_EQ(logIn(shard, slot), log);
    EXPECT_TRUE(shard.get(LogShard::kPersons - 1).empty());
}

TEST(LogShardTest, holdsLogsOfAnyLength) {
    Random random(4);
    LogShard shard;
    for (const std::uint32_t bytes : {3'000'000U, 1U, 2U, 3U, 4U, 253U, 254U, 255U, 256U, 511U,
                                      32'759U, 32'760U, 65'536U, 3'000'000U, 5U}) {
        const Log log = randomLog(random, bytes);
        shard.put(5, log);
        shard.put(6, log);
        EXPECT_EQ(logIn(shard, 5), log);
        EXPECT_EQ(logIn(shard, 6), log);
    }
    EXPECT_LT(shard.bytes(), 300'000);
}

// Around the largest room that a piece shares, and the piece itself.
TEST(LogShardTest, canBeReadBehindTheFirstAndTheLastLogOfAPiece) {
    Random random(7);
    for (const std::uint32_t bytes : {1U, 28'000U, 30'710U, 30'711U, 30'712U, 30'720U, 32'740U,
                                      32'758U, 32'759U, 32'760U, 32'767U}) {
        LogShard shard;
        const Log log = randomLog(random, bytes);
        shard.put(5, log);
        shard.put(6, randomLog(random, 32'000 - std::min(bytes, 31'000U)));
        EXPECT_EQ(logIn(shard, 5), log);
        for (const std::size_t slot : {5U, 6U}) {
            const auto got = shard.get(slot);
            std::uint64_t behind = 0;
            static_assert(sizeof(behind) == LogShard::kBehindBytes);
            std::memcpy(&behind, got.data() + got.size(), sizeof(behind));
        }
    }
}

TEST(LogShardTest, wastesLittleWhileLogsGrow) {
    Random random(5);
    LogShard shard;
    std::vector<std::size_t> bytes(LogShard::kPersons);
    std::size_t sum = 0;
    for (int i = 0; i < 200'000; ++i) {
        const std::size_t slot = random.below(bytes.size());
        bytes[slot] += 5;
        sum += 5;
        shard.put(slot, randomLog(random, bytes[slot]));
    }
    // A place of 4, a length of 1 and 1.5 of a word left over on average: 7 bytes a person. The
    // rest is gaps, an eighth at most, and a piece that is not yet full.
    EXPECT_LT(shard.bytes(), (sum + 7 * bytes.size()) * 8 / 7 + 32'768);
}

TEST(LogShardTest, isTheSameAfterItsText) {
    Random random(6);
    LogShard shard;
    for (int i = 0; i < 10'000; ++i)
        shard.put(random.below(LogShard::kPersons), randomLog(random, 1 + random.below(200)));
    const auto copy = LogShard::fromText(shard.toText());
    ASSERT_TRUE(copy);
    for (std::size_t slot = 0; slot < LogShard::kPersons; ++slot)
        EXPECT_EQ(logIn(*copy, slot), logIn(shard, slot));
}

TEST(LogShardTest, refusesATextThatIsCutOff) {
    LogShard shard;
    shard.put(7, Log(100));
    const std::string text = shard.toText();
    EXPECT_FALSE(LogShard::fromText(std::string_view(text).substr(0, text.size() - 1)));
}

}  // namespace
}  // namespace footfall
