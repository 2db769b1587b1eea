#include "queue_consumer/dead_letter.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/batches.h"
#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

constexpr UtcTime kNow = utcFromMicros(1'772'323'200'000'000);

std::vector<nlohmann::json> linesOf(const MemoryFiles& files) {
    std::vector<nlohmann::json> lines;
    std::istringstream text(files.text("dead.jsonl"));
    for (std::string line; std::getline(text, line);)
        lines.push_back(nlohmann::json::parse(line, nullptr, false));
    return lines;
}

TEST(DeadLetters, keepTheEventTheReasonAndTheTime) {
    MemoryFiles files;
    DeadLetters letters(files, "dead.jsonl");

    ASSERT_TRUE(letters.add(testEvent(testId(1), "place_order"), "says \"no\"\n\xff", kNow));

    const auto lines = linesOf(files);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0]["event"]["event_id"], toString(testId(1)));
    EXPECT_EQ(lines[0]["event"]["event_type"], "place_order");
    EXPECT_EQ(lines[0]["reason"], "says \"no\"\n\xef\xbf\xbd");
    EXPECT_EQ(lines[0]["time"], "2026-03-01T00:00:00Z");
    EXPECT_EQ(files.syncs(), 1u);
}

TEST(DeadLetters, appendToWhatIsThere) {
    MemoryFiles files;
    {
        DeadLetters letters(files, "dead.jsonl");
        ASSERT_TRUE(letters.add(testEvent(testId(1)), "first", kNow));
    }
    DeadLetters letters(files, "dead.jsonl");
    ASSERT_TRUE(letters.add(testEvent(testId(2)), "second", kNow));

    const auto lines = linesOf(files);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0]["reason"], "first");
    EXPECT_EQ(lines[1]["reason"], "second");
}

TEST(DeadLetters, beginANewLineAfterATornOne) {
    MemoryFiles files;
    DeadLetters letters(files, "dead.jsonl");
    files.failAppends(1);
    ASSERT_FALSE(letters.add(testEvent(testId(1)), "torn", kNow));

    ASSERT_TRUE(letters.add(testEvent(testId(1)), "whole", kNow));

    const auto lines = linesOf(files);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_TRUE(lines[0].is_discarded());
    EXPECT_EQ(lines[1]["reason"], "whole");
}

TEST(DeadLetters, beginANewLineThoughTheDiskIsFullForLong) {
    MemoryFiles files;
    DeadLetters letters(files, "dead.jsonl");
    files.setRoom(20);
    ASSERT_FALSE(letters.add(testEvent(testId(1)), "torn", kNow));
    ASSERT_FALSE(letters.add(testEvent(testId(1)), "not even the end of the line", kNow));
    files.setRoom(std::nullopt);

    ASSERT_TRUE(letters.add(testEvent(testId(1)), "whole", kNow));

    const auto lines = linesOf(files);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[1]["reason"], "whole");
}

TEST(DeadLetters, writeTheLineAgainAfterAFailedSync) {
    MemoryFiles files;
    DeadLetters letters(files, "dead.jsonl");
    files.failSyncs(1);
    ASSERT_FALSE(letters.add(testEvent(testId(1)), "no", kNow));

    ASSERT_TRUE(letters.add(testEvent(testId(1)), "no", kNow));

    EXPECT_EQ(linesOf(files).size(), 2u) << "what the first sync left on the disk is not known";
}

}  // namespace
}  // namespace footfall
