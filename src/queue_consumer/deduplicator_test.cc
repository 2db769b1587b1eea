#include "queue_consumer/deduplicator.h"

#include <thread>

#include <gtest/gtest.h>

#include "support/random.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/failing_database.h"
#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

using Verdict = Deduplicator::Verdict;

class DeduplicatorTest : public ::testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(deduplicator_.restore(database_)); }

    Verdict decide(EventId id, PayloadHash payload_hash) {
        return deduplicator_.decide({&id, 1}, {&payload_hash, 1}).value().at(0);
    }
    // New ids, a generation of them; they count as committed.
    void fillGeneration() {
        for (std::size_t i = 0; i < kGenerationIds; ++i)
            ASSERT_EQ(decide(testId(++last_id_), 7), Verdict::kNew);
    }
    std::size_t generations() const {
        return static_cast<std::size_t>(metric("deduplicator_generations"));
    }
    double metric(const std::string& name) const {
        const std::string text = metrics_.render();
        const std::string line = "\nfootfall_" + name + " ";
        return std::stod(text.substr(text.find(line) + line.size()));
    }
    void stepAll() {
        Result<bool> worked = true;
        while (worked && *worked) worked = deduplicator_.step();
        ASSERT_TRUE(worked);
    }

    static constexpr std::size_t kGenerationIds = 100;
    FailingDatabase database_;
    MemoryFiles files_;
    mutable Metrics metrics_;
    Deduplicator deduplicator_{
        {.generation_ids = kGenerationIds, .generations_max = 3}, files_, "ids", metrics_};
    std::uint64_t last_id_ = 0;
};

TEST_F(DeduplicatorTest, tellsTheFirstFromTheResentAndTheDifferent) {
    EXPECT_EQ(decide(testId(1), 7), Verdict::kNew);
    EXPECT_EQ(decide(testId(1), 7), Verdict::kDuplicate);
    EXPECT_EQ(decide(testId(1), 8), Verdict::kConflict);
    EXPECT_EQ(decide(testId(1), 7), Verdict::kDuplicate) << "the first payload stays";
    EXPECT_EQ(deduplicator_.size(), 1u);
}

TEST_F(DeduplicatorTest, tellsThemWithinOneBatchAsWell) {
    const std::vector<EventId> ids = {testId(1), testId(2), testId(1), testId(1)};
    const std::vector<PayloadHash> payload_hashes = {7, 7, 7, 8};

    EXPECT_EQ(deduplicator_.decide(ids, payload_hashes).value(),
              (std::vector{Verdict::kNew, Verdict::kNew, Verdict::kDuplicate, Verdict::kConflict}));
}

TEST_F(DeduplicatorTest, usesAllBitsOfTheId) {
    ASSERT_EQ(decide({.high = 0, .low = 0}, 0), Verdict::kNew);

    for (unsigned bit = 0; bit < 64; ++bit) {
        EXPECT_EQ(decide({.high = 1ULL << bit, .low = 0}, 0), Verdict::kNew);
        EXPECT_EQ(decide({.high = 0, .low = 1ULL << bit}, 0), Verdict::kNew);
    }
}

TEST_F(DeduplicatorTest, takesAForgottenIdForNew) {
    ASSERT_EQ(decide(testId(1), 7), Verdict::kNew);

    deduplicator_.forget(testId(1));

    EXPECT_EQ(deduplicator_.size(), 0u);
    EXPECT_EQ(decide(testId(1), 8), Verdict::kNew);
}

TEST_F(DeduplicatorTest, staysExactOverManyIds) {
    constexpr std::uint64_t kCount = 200'000;
    std::vector<EventId> ids;
    for (std::uint64_t i = 0; i < kCount; ++i) ids.push_back({.high = mixBits(i), .low = i});
    const std::vector<PayloadHash> payload_hashes(kCount);

    EXPECT_EQ(deduplicator_.decide(ids, payload_hashes).value(),
              std::vector(kCount, Verdict::kNew));

    EXPECT_EQ(deduplicator_.size(), kCount);
    EXPECT_EQ(deduplicator_.decide(ids, payload_hashes).value(),
              std::vector(kCount, Verdict::kDuplicate));
}

TEST_F(DeduplicatorTest, remembersWhatLeftTheMemory) {
    for (std::uint64_t covered = 0; covered < 2'000; covered += kGenerationIds) {
        fillGeneration();
        ASSERT_TRUE(deduplicator_.makeRoom({covered + kGenerationIds}));
        stepAll();
    }

    EXPECT_EQ(deduplicator_.size(), 2'000u);
    for (std::uint64_t i = 1; i <= 2'000; ++i) {
        EXPECT_EQ(decide(testId(i), 7), Verdict::kDuplicate);
        EXPECT_EQ(decide(testId(i), 8), Verdict::kConflict);
    }
    EXPECT_EQ(metric("deduplicator_archived_ids"), 2'000);
    EXPECT_EQ(metric("deduplicator_hot_ids"), kGenerationIds);
    EXPECT_EQ(metric("deduplicator_flushes_total"), 20);
    EXPECT_EQ(metric("deduplicator_positives_confirmed_total"), 2 * 1'900);
}

TEST_F(DeduplicatorTest, keepsASealedGenerationReadableUntilItIsArchived) {
    fillGeneration();
    ASSERT_TRUE(deduplicator_.makeRoom({kGenerationIds}));

    EXPECT_EQ(decide(testId(1), 7), Verdict::kDuplicate);
    EXPECT_EQ(deduplicator_.size(), kGenerationIds);
    EXPECT_EQ(files_.list("ids")->size(), 1u) << "the manifest alone";
}

TEST_F(DeduplicatorTest, hasNoRoomWhenTheArchiveIsBehindAndHasItAgainLater) {
    for (std::uint64_t full = 1; full <= 2; ++full) {
        fillGeneration();
        ASSERT_TRUE(deduplicator_.makeRoom({full * kGenerationIds}));
    }
    fillGeneration();
    ASSERT_FALSE(deduplicator_.makeRoom({3 * kGenerationIds}));
    EXPECT_EQ(generations(), 3u);
    EXPECT_EQ(metric("deduplicator_waits_total"), 1);

    ASSERT_TRUE(deduplicator_.step());

    EXPECT_TRUE(deduplicator_.makeRoom({3 * kGenerationIds}));
}

TEST_F(DeduplicatorTest, keepsAllWhileTheDiskIsFull) {
    fillGeneration();
    ASSERT_TRUE(deduplicator_.makeRoom({kGenerationIds}));
    files_.setRoom(2'000);
    ASSERT_FALSE(deduplicator_.step());
    EXPECT_EQ(decide(testId(1), 7), Verdict::kDuplicate);

    files_.setRoom(std::nullopt);
    stepAll();

    EXPECT_EQ(decide(testId(1), 7), Verdict::kDuplicate);
    EXPECT_EQ(metric("deduplicator_archived_ids"), kGenerationIds);
}

TEST_F(DeduplicatorTest, archivesOnAnotherThreadWhileItDecides) {
    std::jthread archiving([this](const std::stop_token& stop) { deduplicator_.run(stop); });

    for (std::uint64_t full = 1; full <= 50; ++full) {
        fillGeneration();
        while (!deduplicator_.makeRoom({full * kGenerationIds})) std::this_thread::yield();
        EXPECT_EQ(decide(testId(1), 7), Verdict::kDuplicate);
    }

    archiving.request_stop();
    archiving.join();
    stepAll();
    EXPECT_EQ(deduplicator_.size(), 50 * kGenerationIds);
    EXPECT_EQ(metric("deduplicator_archived_ids"), 50 * kGenerationIds);
}

TEST_F(DeduplicatorTest, decidesNothingUntilItIsRestored) {
    Deduplicator unrestored({}, files_, "ids", metrics_);
    const EventId id = testId(1);
    const PayloadHash payload_hash = 1;

    const auto verdicts = unrestored.decide({&id, 1}, {&payload_hash, 1});

    ASSERT_FALSE(verdicts);
    EXPECT_EQ(verdicts.error().code, Code::kMalformed);
}

}  // namespace
}  // namespace footfall
