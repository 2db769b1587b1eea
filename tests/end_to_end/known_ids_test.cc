// The ids that the consumer knows, over restarts of a real DuckDB file and real files of ids.
#include <filesystem>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "queue_consumer/deduplicator.h"
#include "support/file.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/duckdb_folder.h"

namespace footfall {
namespace {

using Verdict = Deduplicator::Verdict;

constexpr std::uint64_t kEvents = 20'000;
constexpr std::size_t kBatchEvents = 1'000;

// One life of the process, as far as ids are concerned.
struct Life {
    explicit Life(DuckDbFolder& folder, std::size_t generation_ids = 3'000)
        : database(folder.open().value()),
          ids({.generation_ids = generation_ids}, files, folder.path() + "/ids", metrics) {
        EXPECT_TRUE(ids.restore(*database));
    }
    std::vector<Verdict> decide(const EventBatch& batch) {
        return ids.decide(batch.ids, batch.payload_hashes).value();
    }
    void store(std::uint64_t first) {
        const EventBatch batch = numberedEvents(first, kBatchEvents);
        const SequenceNumber last = database->applied()->last;
        EXPECT_TRUE(ids.makeRoom(last));
        EXPECT_EQ(decide(batch), std::vector(kBatchEvents, Verdict::kNew));
        EXPECT_TRUE(database->commit(commitOf(last, {&batch})));
    }
    void archiveAll() {
        while (ids.step().value()) continue;
    }

    std::unique_ptr<DuckDbDatabase> database;
    PosixFileSystem files;
    Metrics metrics;
    Deduplicator ids;
};

void expectAllKnown(Life& life) {
    EXPECT_EQ(life.decide(numberedEvents(0, kEvents)), std::vector(kEvents, Verdict::kDuplicate));
    EXPECT_EQ(life.ids.size(), kEvents);
    EXPECT_EQ(life.decide(numberedEvents(kEvents, 10)), std::vector(10, Verdict::kNew));
}

class KnownIds : public ::testing::Test {
  protected:
    void SetUp() override {
        Life life(folder_);
        for (std::uint64_t first = 0; first < kEvents; first += kBatchEvents) {
            life.store(first);
            life.archiveAll();
        }
    }
    std::string ids() const { return folder_.path() + "/ids"; }

    DuckDbFolder folder_;
};

TEST_F(KnownIds, areKnownAfterARestart) {
    Life life(folder_);

    expectAllKnown(life);
}

TEST_F(KnownIds, areReadFromTheDatabaseWhenTheFilesAreGone) {
    std::filesystem::remove_all(ids());

    Life life(folder_);

    expectAllKnown(life);
}

TEST_F(KnownIds, areReadFromTheDatabaseWhenAFileIsCut) {
    for (const auto& file : std::filesystem::directory_iterator(ids()))
        std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);

    Life life(folder_);

    expectAllKnown(life);
}

TEST_F(KnownIds, areThoseOfTheDatabaseThatIsThereNotOfOneThatIsGone) {
    std::filesystem::remove(folder_.options().path);
    std::filesystem::remove(folder_.options().path + ".wal");

    Life life(folder_);

    EXPECT_EQ(life.decide(numberedEvents(0, 10)), std::vector(10, Verdict::kNew));
}

}  // namespace
}  // namespace footfall
