#include "support/file.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace footfall {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) {
    return std::as_bytes(std::span(text));
}

class PosixFileSystemTest : public testing::Test {
  protected:
    PosixFileSystemTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "footfall-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~PosixFileSystemTest() override { std::filesystem::remove_all(folder_); }

    std::string in(std::string_view name) const { return folder_ + "/" + std::string(name); }

    std::string folder_;
    PosixFileSystem files_;
};

TEST_F(PosixFileSystemTest, appendsToWhatIsThere) {
    for (const char* text : {"one ", "two"}) {
        auto file = files_.openForAppend(in("log"));
        ASSERT_TRUE(file);
        ASSERT_TRUE((*file)->append(bytesOf(text)));
        ASSERT_TRUE((*file)->syncData());
    }

    EXPECT_EQ(files_.readAll(in("log")).value(), "one two");
}

TEST_F(PosixFileSystemTest, replacesAFileAsAWhole) {
    ASSERT_TRUE(files_.replace(in("state"), "a long first version"));
    ASSERT_TRUE(files_.replace(in("state"), "second"));

    EXPECT_EQ(files_.readAll(in("state")).value(), "second");
    EXPECT_FALSE(std::filesystem::exists(in("state.new")));
}

TEST_F(PosixFileSystemTest, keepsItsFilesAndFoldersToTheirOwner) {
    ASSERT_TRUE(files_.createDirectory(in("data")));
    ASSERT_TRUE(files_.replace(in("data/key"), "secret"));

    struct stat status{};
    ASSERT_EQ(::stat(in("data").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0700u);
    ASSERT_EQ(::stat(in("data/key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(PosixFileSystemTest, takesAnExistingFolderButNotAFileInItsPlace) {
    ASSERT_TRUE(files_.createDirectory(in("data")));
    ASSERT_TRUE(files_.replace(in("file"), "x"));

    EXPECT_TRUE(files_.createDirectory(in("data")));
    const Result<void> onFile = files_.createDirectory(in("file"));
    ASSERT_FALSE(onFile);
    EXPECT_NE(onFile.error().what.find("File exists"), std::string::npos);
}

TEST_F(PosixFileSystemTest, tellsAMissingFileFromAnUnreadableOne) {
    EXPECT_EQ(files_.readAll(in("missing")).error().code, Code::kNotFound);
    EXPECT_EQ(files_.readAll(folder_).error().code, Code::kIo);
}

TEST_F(PosixFileSystemTest, reportsAFullDiskInErrnosWords) {
    auto file = files_.openForAppend("/dev/full");
    ASSERT_TRUE(file);

    const Result<void> written = (*file)->append(bytesOf("x"));

    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::kUnavailable);
    EXPECT_NE(written.error().what.find("No space left"), std::string::npos);
}

std::string readAt(const PositionedFile& file, std::uint64_t offset, std::size_t bytes) {
    std::string text(bytes, '?');
    text.resize(file.readAt(offset, std::as_writable_bytes(std::span(text))).value());
    return text;
}

TEST_F(PosixFileSystemTest, writesAndReadsAtOffsets) {
    auto file = files_.open(in("segment"), OpenMode::kCreate).value();
    ASSERT_TRUE(file->writeAt(0, bytesOf("one two")));
    ASSERT_TRUE(file->writeAt(4, bytesOf("2")));
    ASSERT_TRUE(file->writeAt(9, bytesOf("end")));
    ASSERT_TRUE(file->syncData());

    const auto again = files_.open(in("segment"), OpenMode::kRead).value();
    EXPECT_EQ(again->size().value(), 12u);
    EXPECT_EQ(readAt(*again, 0, 100), std::string_view("one 2wo\0\0end", 12));
    EXPECT_EQ(readAt(*again, 9, 2), "en");
    EXPECT_EQ(readAt(*again, 12, 5), "");
    EXPECT_EQ(readAt(*again, 100, 5), "");
}

TEST_F(PosixFileSystemTest, forgetsWhatIsBehindTheEndOfATruncatedFile) {
    auto file = files_.open(in("segment"), OpenMode::kCreate).value();
    ASSERT_TRUE(file->writeAt(0, bytesOf("abcdef")));

    ASSERT_TRUE(file->truncate(2));
    ASSERT_TRUE(file->truncate(4));

    EXPECT_EQ(readAt(*file, 0, 10), std::string_view("ab\0\0", 4));
}

TEST_F(PosixFileSystemTest, takesRoomWithoutLosingWhatIsThere) {
    auto file = files_.open(in("segment"), OpenMode::kCreate).value();
    ASSERT_TRUE(file->writeAt(0, bytesOf("abc")));

    ASSERT_TRUE(file->preallocate(65'536));

    EXPECT_GE(file->size().value(), 3u);
    EXPECT_EQ(readAt(*file, 0, 3), "abc");
}

TEST_F(PosixFileSystemTest, emptiesAFileThatIsCreatedAgain) {
    ASSERT_TRUE(files_.replace(in("segment"), "old"));

    EXPECT_EQ(files_.open(in("segment"), OpenMode::kCreate).value()->size().value(), 0u);
    EXPECT_EQ(files_.open(in("missing"), OpenMode::kReadWrite).error().code, Code::kNotFound);
}

TEST_F(PosixFileSystemTest, renamesOverAnotherFileAndLinksOverNone) {
    ASSERT_TRUE(files_.replace(in("a"), "a"));
    ASSERT_TRUE(files_.replace(in("b"), "b"));

    EXPECT_EQ(files_.link(in("a"), in("b")).error().code, Code::kInvalidArgument);
    ASSERT_TRUE(files_.link(in("b"), in("c")));
    ASSERT_TRUE(files_.rename(in("a"), in("b")));
    ASSERT_TRUE(files_.syncDirectory(folder_));

    EXPECT_EQ(files_.list(folder_).value(), (std::vector<std::string>{"b", "c"}));
    EXPECT_EQ(files_.readAll(in("b")).value(), "a");
    EXPECT_EQ(files_.readAll(in("c")).value(), "b");
}

TEST_F(PosixFileSystemTest, listsFilesSortedAndNoFolders) {
    ASSERT_TRUE(files_.replace(in("2"), ""));
    ASSERT_TRUE(files_.replace(in("1"), ""));
    ASSERT_TRUE(files_.createDirectory(in("0")));

    EXPECT_EQ(files_.list(folder_).value(), (std::vector<std::string>{"1", "2"}));
    EXPECT_EQ(files_.list(in("missing")).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace footfall
