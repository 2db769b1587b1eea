#include "queue_consumer/id_archive.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "support/random.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

// 10 ids a run, so that the numbers of a test are small.
constexpr std::uint64_t kPerRun = 10;

class IdArchiveTest : public ::testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(archive_.open({0})); }

    // The ids kPerRun * run, … as one run.
    Result<void> add(IdArchive& archive, std::uint64_t run) {
        IdSet ids;
        for (std::uint64_t i = run * kPerRun; i < (run + 1) * kPerRun; ++i)
            ids.insert(IdEntry::of(testId(i), static_cast<PayloadHash>(i), archive.key()));
        return archive.add(ids, {(run + 1) * kPerRun});
    }
    void mergeAll(IdArchive& archive) {
        Result<bool> merged = true;
        while (merged && *merged) merged = archive.mergeStep();
        ASSERT_TRUE(merged) << merged.error().what;
    }
    // Which of the ids 0, 1, … are there; all with their payload.
    std::uint64_t known(const IdArchive& archive, std::uint64_t count) {
        std::uint64_t found = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            IdLookup lookup{.entry = IdEntry::of(testId(i), 0, archive.key())};
            EXPECT_TRUE(archive.runs()->find({&lookup, 1}));
            found += lookup.found;
            if (lookup.found) {
                EXPECT_EQ(lookup.payload_hash, static_cast<PayloadHash>(i));
            }
        }
        return found;
    }
    std::vector<std::string> names() { return files_.list("ids").value(); }

    MemoryFiles files_;
    Metrics metrics_;
    IdArchive archive_{files_, "ids", metrics_};
};

TEST_F(IdArchiveTest, keepsWhatWasAddedOverARestart) {
    ASSERT_TRUE(add(archive_, 0));
    ASSERT_TRUE(add(archive_, 1));

    IdArchive restarted(files_, "ids", metrics_);
    ASSERT_TRUE(restarted.open({20}));

    EXPECT_EQ(restarted.covered().value, 20u);
    EXPECT_EQ(known(restarted, 100), 20u);
}

TEST_F(IdArchiveTest, keepsFewRunsHoweverManyAreAdded) {
    constexpr std::uint64_t kRuns = 300;
    for (std::uint64_t run = 0; run < kRuns; ++run) {
        ASSERT_TRUE(add(archive_, run));
        mergeAll(archive_);
    }

    EXPECT_EQ(known(archive_, kRuns * kPerRun + 100), kRuns * kPerRun);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> groups;
    for (const auto& run : archive_.runs()->runs()) {
        const std::size_t same = ++groups[{run->info().tier, run->info().slice}];
        EXPECT_LT(same, IdArchive::kRunsPerMerge);
        EXPECT_LE(run->info().tier, 4u);
    }
    EXPECT_EQ(names().size(), archive_.runs()->runs().size() + 1) << "and no other file is left";

    IdArchive restarted(files_, "ids", metrics_);
    ASSERT_TRUE(restarted.open({kRuns * kPerRun}));
    EXPECT_EQ(known(restarted, kRuns * kPerRun + 100), kRuns * kPerRun);
}

TEST_F(IdArchiveTest, boundsTheRunsOfATierBySlicingThem) {
    for (std::uint64_t run = 0; run < 64; ++run) {
        ASSERT_TRUE(add(archive_, run));
        mergeAll(archive_);
    }

    ASSERT_EQ(archive_.runs()->runs().size(), 16u);
    for (const auto& run : archive_.runs()->runs()) {
        EXPECT_EQ(run->info().tier, 3u);
        EXPECT_LT(run->info().count, 8 * kPerRun) << "64 runs' ids in 16 slices";
    }
}

TEST_F(IdArchiveTest, throwsAwayWhatCoversMoreThanIsStored) {
    ASSERT_TRUE(add(archive_, 0));
    const IdKey before = archive_.key();

    IdArchive restarted(files_, "ids", metrics_);
    ASSERT_TRUE(restarted.open({9}));

    EXPECT_EQ(restarted.covered().value, 0u);
    EXPECT_EQ(known(restarted, 100), 0u);
    EXPECT_NE(restarted.key(), before);
    EXPECT_EQ(names(), std::vector<std::string>{"manifest"});
}

TEST_F(IdArchiveTest, throwsAwayAllWhenARunOrTheManifestIsDamaged) {
    for (const std::string name : {"manifest", "00000001.run"}) {
        ASSERT_TRUE(archive_.clear());
        IdArchive first(files_, "ids", metrics_);
        ASSERT_TRUE(first.open({10}));
        ASSERT_TRUE(add(first, 0));
        const std::string damaged = name == "manifest" ? name : names().front();
        ASSERT_TRUE(files_.replace("ids/" + damaged, "damaged"));

        IdArchive restarted(files_, "ids", metrics_);
        ASSERT_TRUE(restarted.open({10}));

        EXPECT_EQ(restarted.covered().value, 0u);
        EXPECT_EQ(names(), std::vector<std::string>{"manifest"});
    }
}

TEST_F(IdArchiveTest, removesFilesThatTheManifestDoesNotName) {
    ASSERT_TRUE(add(archive_, 0));
    ASSERT_TRUE(files_.replace("ids/00000099.run", "left by a crash"));
    ASSERT_TRUE(files_.replace("ids/manifest.new", "left by a crash"));

    IdArchive restarted(files_, "ids", metrics_);
    ASSERT_TRUE(restarted.open({10}));

    EXPECT_EQ(names(), (std::vector<std::string>{"00000001.run", "manifest"}));
    ASSERT_TRUE(add(restarted, 1));
    EXPECT_EQ(names().front(), "00000001.run");
    EXPECT_EQ(restarted.runs()->runs().back()->info().number, 100u) << "no number comes twice";
}

TEST_F(IdArchiveTest, isAsItWasAfterAFailedAddAndTakesItTheNextTime) {
    ASSERT_TRUE(add(archive_, 0));
    for (std::size_t room = 0; room < 2'000; room += 300) {
        files_.setRoom(room);
        ASSERT_FALSE(add(archive_, 1));
        EXPECT_EQ(known(archive_, 100), kPerRun);
        EXPECT_EQ(names().size(), 2u) << "what was written in vain is gone";
    }
    files_.setRoom(std::nullopt);
    files_.failSyncs(1);
    ASSERT_FALSE(add(archive_, 1));

    ASSERT_TRUE(add(archive_, 1));

    EXPECT_EQ(known(archive_, 100), 2 * kPerRun);
}

TEST_F(IdArchiveTest, isAsItWasAfterAFailedMergeAndMergesTheNextTime) {
    for (std::uint64_t run = 0; run < 4; ++run) ASSERT_TRUE(add(archive_, run));
    files_.setRoom(1'500);
    ASSERT_FALSE(archive_.mergeStep());
    EXPECT_EQ(archive_.runs()->runs().size(), 4u);
    EXPECT_EQ(names().size(), 5u);

    files_.setRoom(std::nullopt);
    mergeAll(archive_);

    EXPECT_EQ(archive_.runs()->runs().size(), 1u);
    EXPECT_EQ(known(archive_, 100), 4 * kPerRun);
}

TEST_F(IdArchiveTest, showsNothingOfWhatItIsFilledWithUntilAllOfItIsThere) {
    ASSERT_TRUE(archive_.beginFilling());
    for (std::uint64_t run = 0; run < 6; ++run) ASSERT_TRUE(add(archive_, run));
    mergeAll(archive_);
    {
        IdArchive crashed(files_, "other", metrics_);
        EXPECT_EQ(IdManifest::parse(files_.text("ids/manifest"))->runs.size(), 0u);
    }

    ASSERT_TRUE(archive_.endFilling({60}));

    IdArchive restarted(files_, "ids", metrics_);
    ASSERT_TRUE(restarted.open({60}));
    EXPECT_EQ(restarted.covered().value, 60u);
    EXPECT_EQ(known(restarted, 100), 60u);
}

}  // namespace
}  // namespace footfall
