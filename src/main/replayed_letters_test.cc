#include "main/replayed_letters.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

constexpr const char* kPath = "data/dead_letters.jsonl";
constexpr UtcTime kFirstRun = utcFromMicros(1'772'323'200'000'000);
constexpr UtcTime kSecondRun = utcFromMicros(1'772'323'260'000'000);

// Letter number `index` of files whose lines have ten bytes each.
DeadLetter letterAt(std::uint64_t index) {
    return {.line = index + 1, .begin = index * 10, .end = index * 10 + 10};
}

class ReplayedLettersTest : public testing::Test {
  protected:
    ReplayedLettersTest() { write("letter 00\nletter 01\nletter 02\nletter 03\n"); }

    void write(const std::string& text) { EXPECT_TRUE(files_.replace(kPath, text)); }
    ReplayedLetters load() {
        auto loaded = ReplayedLetters::load(files_, kPath);
        EXPECT_TRUE(loaded) << loaded.error().what;
        return std::move(*loaded);
    }
    void replay(std::initializer_list<std::uint64_t> indexes, UtcTime time) {
        ReplayedLetters replayed = load();
        for (const std::uint64_t index : indexes) ASSERT_TRUE(replayed.add(letterAt(index), time));
        ASSERT_TRUE(replayed.save());
    }
    // Of letters 0 to 3.
    std::array<std::optional<UtcTime>, 4> times() {
        const ReplayedLetters replayed = load();
        return {replayed.timeOf(letterAt(0)), replayed.timeOf(letterAt(1)),
                replayed.timeOf(letterAt(2)), replayed.timeOf(letterAt(3))};
    }

    using Times = std::array<std::optional<UtcTime>, 4>;
    MemoryFiles files_;
};

TEST_F(ReplayedLettersTest, allWaitAtFirst) {
    EXPECT_EQ(times(), Times{});
}

TEST_F(ReplayedLettersTest, areKnownWithTheTimeOfTheirRun) {
    replay({0, 1, 3}, kFirstRun);
    replay({2}, kSecondRun);

    EXPECT_EQ(times(), (Times{kFirstRun, kFirstRun, kSecondRun, kFirstRun}));
}

TEST_F(ReplayedLettersTest, areOneRangeWhenTheyFollowEachOther) {
    replay({0, 1, 2, 3}, kFirstRun);

    const std::string text = files_.text(ReplayedLetters::pathFor(kPath));
    EXPECT_TRUE(text.starts_with(R"({"replayed":[{"from":0,"to":40,)")) << text;
    EXPECT_EQ(text.find("from"), text.rfind("from")) << text;
}

TEST_F(ReplayedLettersTest, areNotForgottenWhenTheFileGrows) {
    replay({0, 1, 2}, kFirstRun);
    write("letter 00\nletter 01\nletter 02\nletter 03\nletter 04\n");

    EXPECT_EQ(times(), (Times{kFirstRun, kFirstRun, kFirstRun, std::nullopt}));
}

TEST_F(ReplayedLettersTest, waitAgainWhenTheirFileWasReplaced) {
    replay({0, 1}, kFirstRun);
    replay({3}, kSecondRun);

    write("letter 00\nanother 1\nletter 02\nletter 03\n");
    EXPECT_EQ(times(), (Times{std::nullopt, std::nullopt, std::nullopt, kSecondRun}));
    write("letter 00\n");
    EXPECT_EQ(times(), Times{});
}

TEST_F(ReplayedLettersTest, waitWhenWhatWasKeptAboutThemCannotBeUnderstood) {
    for (const char* text : {"", "no JSON", "[]", R"({"replayed":7})", R"({"replayed":[{}]})",
                             R"({"replayed":[{"from":0,"to":10,"crc32c":1,"time":"once"}]})"}) {
        ASSERT_TRUE(files_.replace(ReplayedLetters::pathFor(kPath), text));
        EXPECT_EQ(times(), Times{}) << text;
    }
}

}  // namespace
}  // namespace footfall
