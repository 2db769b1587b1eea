// The forgetful file system of the tests is held to what it promises here, beside the real one.
#include "tests/fakes/memory_files.h"

#include <set>

#include <gtest/gtest.h>

namespace footfall {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// What a file "d/f" can hold after `act` and a power loss, over many seeds.
template <class Act>
std::set<std::string> leftAfter(Act act) {
    std::set<std::string> left;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        MemoryFiles files;
        Random random(seed);
        act(files);
        files.losePower(random);
        left.insert(files.text("d/f"));
    }
    return left;
}

TEST(MemoryFiles, keepWhatWasSyncedUnderANameThatWasSynced) {
    const auto left = leftAfter([](MemoryFiles& files) {
        const auto file = files.open("d/f", OpenMode::kCreate).value();
        ASSERT_TRUE(file->writeAt(0, bytesOf("safe")));
        ASSERT_TRUE(file->syncData());
        ASSERT_TRUE(files.syncDirectory("d"));
    });

    EXPECT_EQ(left, std::set<std::string>{"safe"});
}

TEST(MemoryFiles, canLoseANameThatWasNotSynced) {
    const auto left = leftAfter([](MemoryFiles& files) {
        const auto file = files.open("d/f", OpenMode::kCreate).value();
        ASSERT_TRUE(file->writeAt(0, bytesOf("safe")));
        ASSERT_TRUE(file->syncData());
    });

    EXPECT_EQ(left, (std::set<std::string>{"", "safe"}));
}

TEST(MemoryFiles, tearAWriteThatWasNotSyncedAtAnyByteWithAnythingBehind) {
    const auto left = leftAfter([](MemoryFiles& files) {
        ASSERT_TRUE(files.replace("d/f", "old"));
        const auto file = files.open("d/f", OpenMode::kReadWrite).value();
        ASSERT_TRUE(file->writeAt(0, bytesOf("new")));
    });

    for (const char* torn : {"old", "nld", "ned", "new"}) EXPECT_TRUE(left.contains(torn)) << torn;
    EXPECT_GT(left.size(), 4u) << "garbage behind where it was torn";
    for (const std::string& text : left) EXPECT_EQ(text.size(), 3u);
}

TEST(MemoryFiles, canKeepALaterPageWithoutAnEarlierOne) {
    const auto left = leftAfter([](MemoryFiles& files) {
        ASSERT_TRUE(files.replace("d/f", std::string(8192, 'o')));
        const auto file = files.open("d/f", OpenMode::kReadWrite).value();
        ASSERT_TRUE(file->writeAt(0, bytesOf(std::string(8192, 'n'))));
    });

    EXPECT_TRUE(left.contains(std::string(4096, 'o') + std::string(4096, 'n')));
}

TEST(MemoryFiles, doNotMakeSafeInASecondSyncWhatTheFirstFailedToSync) {
    const auto left = leftAfter([](MemoryFiles& files) {
        ASSERT_TRUE(files.replace("d/f", "o"));
        const auto file = files.open("d/f", OpenMode::kReadWrite).value();
        files.failSyncAt(1);
        ASSERT_TRUE(file->writeAt(0, bytesOf("n")));
        ASSERT_FALSE(file->syncData());
        ASSERT_TRUE(file->syncData());
    });

    EXPECT_TRUE(left.contains("o"));
}

TEST(MemoryFiles, areFullAfterTheGivenNumberOfBytes) {
    MemoryFiles files;
    const auto file = files.open("d/f", OpenMode::kCreate).value();
    files.setRoom(5);

    ASSERT_TRUE(file->writeAt(0, bytesOf("abc")));
    EXPECT_EQ(file->writeAt(3, bytesOf("def")).error().code, Code::kUnavailable);
    EXPECT_EQ(file->preallocate(6).error().code, Code::kUnavailable);

    EXPECT_EQ(files.text("d/f"), "abcde");
    ASSERT_TRUE(file->truncate(0));
    EXPECT_TRUE(file->writeAt(0, bytesOf("12345")));
}

TEST(MemoryFiles, changeNothingOnceStopped) {
    MemoryFiles files;
    ASSERT_TRUE(files.replace("d/f", "1"));
    files.stopAfter(1);
    ASSERT_TRUE(files.replace("d/f", "2"));

    EXPECT_FALSE(files.replace("d/f", "3"));
    EXPECT_TRUE(files.stopped());
    EXPECT_EQ(files.text("d/f"), "2");
}

}  // namespace
}  // namespace footfall
