// Everything that can be lost between two operations on the disk. One rule throughout: what was
// acknowledged is there, once and whole; what was not is there whole or not at all.
#include <algorithm>

#include <gtest/gtest.h>

#include "in_memory_queue/journal.h"
#include "tests/fakes/test_journal.h"

namespace footfall {
namespace {

JournalOptions smallSegments() {
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 8192;
    return options;
}

// Writes groups of random sizes until the files stop, trims now and then. Returns what was
// acknowledged in this life and is not trimmed.
struct Life {
    std::vector<std::uint64_t> acknowledged;
    std::uint64_t next_request;
    SequenceNumber trimmed;
};
Life live(TestJournal& journal, std::uint64_t request, SequenceNumber trimmed, Random& random,
          int groups) {
    for (int group = 0; group < groups; ++group) {
        for (std::uint64_t i = 1 + random.below(8); i > 0; --i) journal.submit(request++);
        journal->commitGroup();
        if (journal->poisoned() || !random.chance(0.1)) continue;
        const std::uint64_t end = journal->durableEnd().value;
        trimmed = std::max(trimmed, SequenceNumber{end - std::min(end, random.below(4))});
        std::ignore = journal->trim(trimmed);
    }
    while (journal->commitGroup() > 0) {
    }
    return {journal.acknowledged(), request, trimmed};
}

// What the journal holds beyond `trimmed`; checks on the way that numbers have no gap.
std::vector<std::uint64_t> requestsAfter(TestJournal& journal, SequenceNumber trimmed) {
    std::vector<std::uint64_t> requests;
    std::uint64_t expected = trimmed.value + 1;
    for (const JournalRecord& record : journal.readAll(trimmed + 1)) {
        EXPECT_TRUE(requests.empty() || record.first.value == expected);
        EXPECT_EQ(record.missing, 0u);
        expected = record.first.value + record.batch.size();
        requests.push_back(requestOf(record.batch));
        EXPECT_EQ(record.batch, testRequest(requests.back()));
    }
    EXPECT_EQ(journal->durableEnd().value + 1, std::max(expected, trimmed.value + 1));
    return requests;
}

void checkOneSeed(std::uint64_t seed, std::size_t stop_after) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", stopped after " << stop_after);
    Random random = Random::of(seed, stop_after);
    MemoryFiles files;
    std::vector<std::uint64_t> acknowledged;
    std::uint64_t request = 0;
    SequenceNumber trimmed;
    for (int life = 0; life < 3; ++life) {
        files.stopAfter(life == 0 ? stop_after : random.below(120));
        {
            TestJournal journal(files, smallSegments(), trimmed);
            if (journal) {
                const Life lived = live(journal, request, trimmed, random, 12);
                request = lived.next_request;
                trimmed = lived.trimmed;
                acknowledged.insert(acknowledged.end(), lived.acknowledged.begin(),
                                    lived.acknowledged.end());
            }
        }
        files.losePower(random);

        TestJournal recovered(files, smallSegments(), trimmed);
        ASSERT_TRUE(recovered) << recovered.error.what;
        const std::vector<std::uint64_t> found = requestsAfter(recovered, trimmed);
        EXPECT_FALSE(recovered->recovery().damaged());
        EXPECT_TRUE(std::ranges::is_sorted(found));
        EXPECT_EQ(std::ranges::adjacent_find(found), found.end()) << "nothing twice";
        for (const std::uint64_t one : found) EXPECT_LT(one, request) << "nothing invented";
        // Everything acknowledged from the first one found on: what is older was trimmed.
        const std::uint64_t oldest = found.empty() ? request : found.front();
        for (const std::uint64_t one : acknowledged)
            EXPECT_TRUE(one < oldest || std::ranges::binary_search(found, one)) << one;
        if (trimmed.value == 0 && !acknowledged.empty()) {
            ASSERT_FALSE(found.empty());
            EXPECT_LE(found.front(), acknowledged.front());
        }
        // What is found now is durable: it must stay for all lives to come.
        acknowledged = found;
        if (testing::Test::HasFailure()) return;
    }
}

TEST(JournalPowerLoss, losesNothingAcknowledgedWhereverItStops) {
    for (std::size_t stop_after = 0; stop_after < 150; ++stop_after)
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            checkOneSeed(seed, stop_after);
            if (HasFailure()) return;
        }
}

TEST(JournalPowerLoss, losesNothingAcknowledgedWhenTheNthSyncFails) {
    for (std::size_t nth = 1; nth < 40; ++nth) {
        SCOPED_TRACE(nth);
        Random random(nth);
        MemoryFiles files;
        files.failSyncAt(nth);
        Life lived{};
        {
            TestJournal journal(files, smallSegments());
            if (journal) lived = live(journal, 0, {}, random, 30);
        }
        const bool lose_power = nth % 2 == 0;
        if (lose_power) files.losePower(random);
        files.failSyncAt(0);

        TestJournal recovered(files, smallSegments(), lived.trimmed);
        ASSERT_TRUE(recovered);
        const auto found = requestsAfter(recovered, lived.trimmed);

        const std::uint64_t oldest = found.empty() ? lived.next_request : found.front();
        for (const std::uint64_t one : lived.acknowledged)
            EXPECT_TRUE(one < oldest || std::ranges::binary_search(found, one)) << one;
        EXPECT_TRUE(lived.trimmed.value > 0 || oldest == 0 || lived.acknowledged.empty());
        EXPECT_FALSE(recovered->recovery().damaged());
    }
}

TEST(JournalPowerLoss, recoversWhatAFailedSyncLeftInThePageCacheForGood) {
    MemoryFiles files;
    {
        TestJournal journal(files);
        ASSERT_TRUE(journal.write(1));
        files.failSyncs(1);
        ASSERT_FALSE(journal.write(2));
    }
    // The process alone has gone: what it wrote is still in memory, and is read.
    std::vector<std::uint64_t> found = TestJournal(files).requests();
    ASSERT_EQ(found, numbers(1, 2));

    Random random(1);
    files.losePower(random);

    EXPECT_EQ(TestJournal(files).requests(), found) << "what was read once must not go again";
}

TEST(JournalPowerLoss, losesNothingWhenAnOpeningIsKilledAnywhereAndThePowerGoesLater) {
    for (std::size_t stop_after = 0; stop_after < 20; ++stop_after)
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            SCOPED_TRACE(testing::Message() << "seed " << seed << ", killed after " << stop_after);
            Random random = Random::of(seed, stop_after);
            MemoryFiles files;
            {
                TestJournal journal(files, smallSegments());
                for (std::uint64_t request = 0; request < 4; ++request)
                    ASSERT_TRUE(journal.write(request));
            }
            // The last record, which no other proves durable, moves to a new segment.
            files.stopAfter(stop_after);
            TestJournal(files, smallSegments());
            files.goOn();
            {
                TestJournal journal(files, smallSegments());
                ASSERT_EQ(journal.requests(), numbers(0, 3));
                ASSERT_TRUE(journal.write(4));
            }
            files.losePower(random);

            TestJournal recovered(files, smallSegments());

            ASSERT_EQ(recovered.requests(), numbers(0, 4));
            ASSERT_FALSE(recovered->recovery().damaged());
        }
}

TEST(JournalPowerLoss, takesACloseRecordThatWasNeverSyncedForNoDamageWhenItGoes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        MemoryFiles files;
        {
            TestJournal journal(files);
            ASSERT_TRUE(journal.write(1));
            journal->close();
            files.failSyncs(1);
            journal->writeClose();
        }
        EXPECT_TRUE(TestJournal(files)->recovery().closed_cleanly) << "from the page cache";
        files.losePower(random);

        TestJournal recovered(files);

        EXPECT_EQ(recovered.requests(), numbers(1, 1));
        EXPECT_FALSE(recovered->recovery().damaged()) << seed;
    }
}

TEST(JournalPowerLoss, givesTheNumbersOfATornRecordToTheOnesBehindIt) {
    bool renumbered = false;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Random random(seed);
        MemoryFiles files;
        JournalOptions options = testJournalOptions();
        {
            TestJournal journal(files, options);
            ASSERT_TRUE(journal.write(1));
            for (std::uint64_t request = 2; request < 80; ++request) journal.submit(request);
            files.stopAfter(1);  // the write, and not the sync
            journal->commitGroup();
        }
        files.losePower(random);

        TestJournal recovered(files, options);
        const auto found = requestsAfter(recovered, {});
        ASSERT_FALSE(found.empty());
        EXPECT_EQ(found.front(), 1u);
        EXPECT_FALSE(recovered->recovery().damaged());
        renumbered |= recovered->recovery().renumbered_records > 0;
    }
    EXPECT_TRUE(renumbered);
}

}  // namespace
}  // namespace footfall
