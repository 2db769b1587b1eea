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
    EXPECT_EQ(written.error().code, Code::kIo);
    EXPECT_NE(written.error().what.find("No space left"), std::string::npos);
}

}  // namespace
}  // namespace footfall
