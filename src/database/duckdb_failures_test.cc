#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "database/duckdb_database.h"
#include "tests/fakes/duckdb_folder.h"
#include "tests/fakes/full_disk.h"

namespace footfall {
namespace {

// Another process that holds the lock on a file as DuckDB does. Not a fork: DuckDB's allocator
// takes all its locks around one, more than TSan can follow.
class LockingProcess {
  public:
    explicit LockingProcess(const std::string& path) {
        const std::string marker = path + ".locked";
        const std::string command = fmt::format(
            "python3 -c \"import fcntl, sys; f = open('{}', 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); "
            "open('{}', 'w'); sys.stdin.read()\"",
            path, marker);
        process_ = ::popen(command.c_str(), "w");
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!std::filesystem::exists(marker) && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ~LockingProcess() { ::pclose(process_); }
    LockingProcess(const LockingProcess&) = delete;
    LockingProcess& operator=(const LockingProcess&) = delete;

  private:
    FILE* process_;
};

class DuckDbFailuresTest : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = folder_.open();
        ASSERT_TRUE(opened) << opened.error().what;
        database_ = std::move(*opened);
    }
    Result<void> commit(const EventBatch& batch) {
        return database_->commit(commitOf(database_->applied()->last, {&batch}));
    }
    // The files as they are now, the database closed; the others are gone.
    void copyOfACrash(const std::vector<std::string>& files) {
        for (const std::string& file : files) std::filesystem::copy_file(file, file + ".kept");
        database_.reset();
        for (const char* end : {"", ".wal"}) std::filesystem::remove(folder_.options().path + end);
        for (const std::string& file : files) std::filesystem::rename(file + ".kept", file);
    }
    static void flipBit(const std::string& path, std::uintmax_t offset) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(offset));
        const auto byte = static_cast<char>(file.get() ^ 1);
        file.seekp(static_cast<std::streamoff>(offset));
        file.put(byte);
    }
    std::uint64_t distinctIds() {
        const auto result =
            database_->query({.sql = "SELECT count(DISTINCT event_id) FROM events", .shadows = {}});
        return static_cast<std::uint64_t>(std::get<std::int64_t>(result->rows[0][0]));
    }

    DuckDbFolder folder_;
    std::unique_ptr<DuckDbDatabase> database_;
};

TEST_F(DuckDbFailuresTest, aCommitThatTheDiskRefusesCanBeDoneAgainAfterAReopen) {
    ASSERT_TRUE(commit(numberedEvents(0, 1'000)));
    const EventBatch batch = numberedEvents(1'000, 4'000);

    Result<void> outcome;
    {
        const FullDisk disk(std::filesystem::file_size(folder_.options().path + ".wal") + 1'000);
        outcome = commit(batch);
    }
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::kUnknownOutcome) << outcome.error().what;
    ASSERT_TRUE(database_->reopen());
    EXPECT_EQ(database_->applied()->last.value, 1'000);
    const Result<void> again = commit(batch);

    EXPECT_TRUE(again) << again.error().what;
    EXPECT_EQ(database_->storedRows().value(), 5'000);
    EXPECT_EQ(distinctIds(), 5'000);
}

TEST_F(DuckDbFailuresTest, rowGroupsThatTheDiskRefusesLeaveNothingBehind) {
    const EventBatch batch = numberedEvents(0, 200'000);

    Result<void> outcome;
    {
        const FullDisk disk(std::filesystem::file_size(folder_.options().path) + 300'000);
        outcome = commit(batch);
    }
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().code, Code::kContent) << outcome.error().what;
    ASSERT_TRUE(database_->reopen());
    const Result<void> again = commit(batch);

    EXPECT_TRUE(again) << again.error().what;
    EXPECT_EQ(distinctIds(), 200'000);
}

TEST_F(DuckDbFailuresTest, aCheckpointThatTheDiskRefusesLosesNothing) {
    ASSERT_TRUE(commit(numberedEvents(0, 100'000)));

    Result<void> outcome;
    {
        const FullDisk disk(std::filesystem::file_size(folder_.options().path) + 300'000);
        outcome = database_->checkpoint();
    }

    EXPECT_FALSE(outcome);
    ASSERT_TRUE(database_->reopen());
    EXPECT_EQ(distinctIds(), 100'000);
    EXPECT_TRUE(database_->checkpoint());
}

TEST_F(DuckDbFailuresTest, aFileLockedByAnotherProcessIsUnavailableUntilItIsFree) {
    database_.reset();
    {
        const LockingProcess other(folder_.options().path);

        const auto opened = folder_.open();

        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Code::kUnavailable) << opened.error().what;
        EXPECT_NE(opened.error().what.find("open in another process"), std::string::npos);
    }
    EXPECT_TRUE(folder_.open());
}

TEST_F(DuckDbFailuresTest, aFileThatIsNoDatabaseIsFatal) {
    database_.reset();
    std::filesystem::resize_file(folder_.options().path, 100);

    const auto opened = folder_.open();

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::kFatal) << opened.error().what;
}

// Damage in DuckDB's own log, anywhere before its end: DuckDB does not open. Another commit was
// checkpointed before, and stays.
TEST_F(DuckDbFailuresTest, aLogThatCannotBeReplayedIsSetAside) {
    ASSERT_TRUE(commit(numberedEvents(0, 1'000)));
    ASSERT_TRUE(database_->checkpoint());
    ASSERT_TRUE(commit(numberedEvents(1'000, 1'000)));
    const std::string identity = database_->identity().value();
    const std::string log = folder_.options().path + ".wal";
    copyOfACrash({folder_.options().path, log});
    flipBit(log, std::filesystem::file_size(log) / 2);

    DuckDbDatabase damaged(folder_.options(), folder_.clock);
    const auto started = damaged.start();

    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(*started, std::vector{log + ".1.quarantine"});
    EXPECT_TRUE(std::filesystem::exists(log + ".1.quarantine"));
    EXPECT_EQ(damaged.applied()->last.value, 1'000);
    EXPECT_EQ(damaged.storedRows().value(), 1'000);
    EXPECT_NE(damaged.identity().value(), identity) << "codes are given again";
}

TEST_F(DuckDbFailuresTest, aLogWithoutItsDatabaseIsNotReplayedIntoAnother) {
    ASSERT_TRUE(commit(numberedEvents(0, 1'000)));
    ASSERT_TRUE(database_->checkpoint());
    ASSERT_TRUE(commit(numberedEvents(1'000, 1'000)));
    copyOfACrash({folder_.options().path + ".wal"});

    DuckDbDatabase anew(folder_.options(), folder_.clock);
    const auto started = anew.start();

    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(anew.applied()->last.value, 0);
    EXPECT_EQ(anew.storedRows().value(), 0);
}

TEST_F(DuckDbFailuresTest, aDamagedDatabaseIsLeftAsItWasFound) {
    ASSERT_TRUE(commit(numberedEvents(0, 1'000)));
    const std::string log = folder_.options().path + ".wal";
    copyOfACrash({folder_.options().path, log});
    std::filesystem::resize_file(folder_.options().path, 100);

    DuckDbDatabase damaged(folder_.options(), folder_.clock);
    const auto started = damaged.start();

    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::kFatal) << started.error().what;
    EXPECT_TRUE(std::filesystem::exists(log));
}

// A report that takes its time, and one that began before what is to be checkpointed was stored.
TEST_F(DuckDbFailuresTest, aReaderHoldsUpNoCheckpoint) {
    ASSERT_TRUE(commit(numberedEvents(0, 1'000)));
    std::atomic<bool> reading = true;
    const std::jthread reader([this, &reading] {
        const auto counted =
            database_->query({.sql = "SELECT count(*) FROM events a, events b, events c, events d "
                                     "WHERE a.amount + b.amount + c.amount + d.amount = 0",
                              .shadows = {},
                              .timeout = std::chrono::minutes(5)});
        reading = false;
        EXPECT_FALSE(counted);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ASSERT_TRUE(commit(numberedEvents(1'000, 1'000)));

    const Result<void> done = database_->checkpoint();

    EXPECT_TRUE(done) << done.error().what;
    EXPECT_FALSE(std::filesystem::exists(folder_.options().path + ".wal"));
    EXPECT_TRUE(reading) << "the checkpoint waited for the reader";
    EXPECT_TRUE(database_->reopen()) << "which ends the reader";
}

TEST_F(DuckDbFailuresTest, everyCallAsksForAReopenWhileTheFileCannotBeOpened) {
    ASSERT_TRUE(commit(numberedEvents(0, 10)));
    database_.reset();
    auto opened = folder_.open();
    database_ = std::move(*opened);
    std::filesystem::rename(folder_.options().path, folder_.options().path + ".moved");
    std::filesystem::create_directory(folder_.options().path);

    const Result<void> reopened = database_->reopen();

    EXPECT_FALSE(reopened);
    EXPECT_EQ(database_->commit({.parts = {}, .range = {.first = {11}, .last = {10}}, .delta = {}})
                  .error()
                  .code,
              Code::kFatal);
    EXPECT_EQ(database_->storedRows().error().code, Code::kFatal);
    EXPECT_EQ(database_->query({.sql = "SELECT 1", .shadows = {}}).error().code, Code::kFatal);
    std::filesystem::remove(folder_.options().path);
    std::filesystem::rename(folder_.options().path + ".moved", folder_.options().path);
    EXPECT_TRUE(database_->reopen());
    EXPECT_EQ(database_->storedRows().value(), 10);
}

}  // namespace
}  // namespace footfall
