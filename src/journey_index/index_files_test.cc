#include "journey_index/index_files.h"

#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

constexpr std::uint64_t kIdentity = 42;
constexpr SequenceNumber kApplied{100};

class IndexFilesTest : public ::testing::Test {
  protected:
    IndexFiles index(std::uint64_t identity = kIdentity) { return {files_, "journeys", identity}; }

    void write(std::optional<std::uint32_t> shard, std::uint64_t covered, std::string text) {
        ASSERT_TRUE(index().write(
            {.shard = shard, .covered = {covered}, .highest_person = 7, .text = std::move(text)}));
    }
    std::map<std::optional<std::uint32_t>, IndexFiles::Piece> read(IndexFiles index,
                                                                   SequenceNumber applied) {
        std::map<std::optional<std::uint32_t>, IndexFiles::Piece> pieces;
        EXPECT_TRUE(index.readAll(
            applied, [&](IndexFiles::Piece&& piece) { pieces[piece.shard] = std::move(piece); }));
        return pieces;
    }
    void damage(const std::string& path, std::uint64_t offset) {
        auto file = files_.open(path, OpenMode::kReadWrite);
        ASSERT_TRUE(file);
        std::byte byte{};
        ASSERT_TRUE((*file)->readAt(offset, {&byte, 1}));
        byte ^= std::byte{1};
        ASSERT_TRUE((*file)->writeAt(offset, {&byte, 1}));
    }

    MemoryFiles files_;
};

TEST_F(IndexFilesTest, givesBackWhatWasWrittenLast) {
    write(3, 10, "old");
    write(3, 20, "new");
    write(std::nullopt, 30, "outside");
    const auto pieces = read(index(), kApplied);
    ASSERT_EQ(pieces.size(), 2U);
    EXPECT_EQ(pieces.at(3).text, "new");
    EXPECT_EQ(pieces.at(3).covered.value, 20U);
    EXPECT_EQ(pieces.at(3).highest_person, 7U);
    EXPECT_EQ(pieces.at(std::nullopt).text, "outside");
}

TEST_F(IndexFilesTest, saysThatATextCoversMore) {
    write(3, 10, "text");
    ASSERT_TRUE(index().coverMore({.shard = 3, .covered = {90}, .highest_person = 9, .text = {}}));
    const auto pieces = read(index(), kApplied);
    EXPECT_EQ(pieces.at(3).text, "text");
    EXPECT_EQ(pieces.at(3).covered.value, 90U);
    EXPECT_EQ(pieces.at(3).highest_person, 9U);
}

TEST_F(IndexFilesTest, removesWhatIsDamagedWhereverItIs) {
    const std::string path = "journeys/000003.journeys";
    write(3, 10, "text");
    const std::size_t bytes = files_.text(path).size();
    for (std::size_t offset = 0; offset < bytes; ++offset) {
        write(3, 10, "text");
        write(4, 10, "other");
        damage(path, offset);
        EXPECT_EQ(read(index(), kApplied).size(), 1U);
        EXPECT_EQ(files_.text(path), "");
    }
}

TEST_F(IndexFilesTest, removesWhatIsOfAnotherDatabaseOrOfALaterStateOfIt) {
    write(3, 10, "text");
    EXPECT_TRUE(read(index(kIdentity + 1), kApplied).empty());
    EXPECT_TRUE(read(index(), kApplied).empty());

    write(3, 101, "text");
    EXPECT_TRUE(read(index(), kApplied).empty());
}

TEST_F(IndexFilesTest, leavesTheFileAsItWasWhenTheDiskIsFull) {
    write(3, 10, "old");
    files_.setRoom(50);
    EXPECT_FALSE(index().write(
        {.shard = 3, .covered = {20}, .highest_person = 7, .text = std::string(1'000, 'x')}));
    files_.setRoom(std::nullopt);
    EXPECT_EQ(read(index(), kApplied).at(3).text, "old");
}

}  // namespace
}  // namespace footfall
