#include "main/database_start.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/fakes/duckdb_folder.h"
#include "tests/fakes/full_disk.h"

namespace footfall {
namespace {

TEST(DatabaseStart, doesNotTakeAFullDiskForADamagedFile) {
    DuckDbFolder folder;
    ASSERT_TRUE(folder.open());
    const std::vector<Journey> journeys = {defaultJourney()};
    PosixFileSystem files;
    DuckDbDatabase database(folder.options(), folder.clock);
    DatabaseStart start(database, files, folder.options().path, journeys);

    {
        const FullDisk disk(1);
        const auto opened = start.open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Code::kUnavailable) << opened.error().what;
    }

    EXPECT_TRUE(start.open());
}

}  // namespace
}  // namespace footfall
