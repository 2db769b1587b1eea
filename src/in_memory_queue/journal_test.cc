#include "in_memory_queue/journal.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/random_batch.h"
#include "tests/fakes/test_journal.h"

namespace footfall {
namespace {

using std::chrono::seconds;

std::uint64_t eventsOf(std::uint64_t request) {
    return testRequest(request).size();
}

TEST(Journal, numbersEventsFromOneInTheOrderOfSubmission) {
    MemoryFiles files;
    TestJournal journal(files);
    for (std::uint64_t request = 0; request < 10; ++request) journal.submit(request);

    EXPECT_EQ(journal->commitGroup(), 10u);

    ASSERT_EQ(journal.acknowledged(), numbers(0, 9));
    std::uint64_t expected = 1;
    for (const auto& [request, first] : journal.outcomes) {
        EXPECT_EQ(first->value, expected);
        expected += eventsOf(request);
    }
    EXPECT_EQ(journal->durableEnd().value, expected - 1);
    EXPECT_EQ(journal->commitGroup(), 0u);
}

TEST(Journal, syncsOnceForAWholeGroup) {
    MemoryFiles files;
    TestJournal journal(files);
    const std::size_t before = files.syncs();
    for (std::uint64_t request = 0; request < 50; ++request) journal.submit(request);

    journal->commitGroup();

    EXPECT_EQ(files.syncs(), before + 1);
}

TEST(Journal, doesNotSyncWhenTheOperatingSystemIsTrusted) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.durability = Durability::kOs;
    TestJournal journal(files, options);
    const std::size_t before = files.syncs();

    EXPECT_TRUE(journal.write(1));

    EXPECT_EQ(files.syncs(), before);
}

TEST(Journal, givesBackEveryBatchExactlyOverManySegments) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 8 << 10;
    TestJournal journal(files, options);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        journal->submit(randomBatch(seed), [](Result<SequenceNumber> first) {
            ASSERT_TRUE(first) << first.error().what;
        });
        if (seed % 3 == 0) journal->commitGroup();
    }
    while (journal->commitGroup() > 0) {
    }

    const std::vector<JournalRecord> records = journal.readAll();

    ASSERT_EQ(records.size(), 100u);
    EXPECT_GT(journal->segments(), 5u);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        EXPECT_EQ(records[seed].batch, randomBatch(seed));
        EXPECT_EQ(records[seed].missing, 0u);
    }
    EXPECT_EQ(journal.read_damage.bytes, 0u);
}

TEST(Journal, isTheSameAfterItWasClosedAndOpenedAgain) {
    MemoryFiles files;
    {
        TestJournal journal(files);
        for (std::uint64_t request = 0; request < 20; ++request) journal.write(request);
        journal->close();
        journal->writeClose();
    }

    TestJournal again(files);

    EXPECT_EQ(again.requests(), numbers(0, 19));
    EXPECT_TRUE(again->recovery().closed_cleanly);
    EXPECT_FALSE(again->recovery().damaged());
    EXPECT_EQ(again->recovery().rewritten_records, 0u);
    const std::uint64_t end = again->durableEnd().value;
    ASSERT_TRUE(again.write(20));
    EXPECT_EQ(again.outcomes.back().second->value, end + 1);
}

TEST(Journal, keepsWhatWasAcknowledgedByAProcessThatWasKilled) {
    MemoryFiles files;
    for (std::uint64_t life = 0; life < 10; ++life) {
        TestJournal journal(files);
        for (std::uint64_t i = 0; i < 3; ++i) ASSERT_TRUE(journal.write(life * 3 + i));
    }

    TestJournal journal(files);

    EXPECT_EQ(journal.requests(), numbers(0, 29));
    EXPECT_FALSE(journal->recovery().damaged());
    EXPECT_LE(journal->recovery().rewritten_records, 1u) << "one group is not known durable";
}

TEST(Journal, keepsTheRejectedCountsOfRequestsWithoutEvents) {
    MemoryFiles files;
    TestJournal journal(files);
    journal.write(1);
    const SequenceNumber end = journal->durableEnd();
    std::vector<SequenceNumber> firsts;
    journal->submitRejected(7, utcFromMicros(5),
                            [&](Result<SequenceNumber> first) { firsts.push_back(*first); });
    journal->commitGroup();

    EXPECT_EQ(firsts, std::vector<SequenceNumber>{end + 1});
    EXPECT_EQ(journal->durableEnd(), end) << "they use no number";
    const auto records = journal.readAll();
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[1].type, RecordType::kCounts);
    EXPECT_EQ(records[1].batch.rejected_count, 7u);
    EXPECT_EQ(records[1].batch.received_at, utcFromMicros(5));
    EXPECT_TRUE(journal.readAll(end + 1).empty()) << "may have been counted with the events before";
}

TEST(Journal, readsFromAnyNumberOn) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4 << 10;
    TestJournal journal(files, options);
    for (std::uint64_t request = 0; request < 60; ++request) journal.write(request);
    const auto all = journal.readAll();

    for (std::uint64_t from = 1; from <= journal->durableEnd().value + 2; ++from) {
        const auto records = journal.readAll({from});
        std::size_t expected = 0;
        for (const JournalRecord& record : all)
            expected += record.first.value + record.batch.size() > from ? 1 : 0;
        ASSERT_EQ(records.size(), expected) << from;
    }
}

TEST(Journal, failsTheGroupAndEverythingLaterWhenASyncFails) {
    MemoryFiles files;
    TestJournal journal(files);
    journal.write(1);
    std::vector<Error> told;
    journal->onPoisoned([&](const Error& error) { told.push_back(error); });
    const std::size_t syncs = files.syncs();
    files.failSyncs(1);

    journal.submit(2);
    journal.submit(3);
    journal->commitGroup();
    journal.submit(4);
    journal->commitGroup();

    ASSERT_EQ(journal.outcomes.size(), 4u);
    EXPECT_EQ(journal.outcomes[1].second.error().code, Code::kUnknownOutcome);
    EXPECT_EQ(journal.outcomes[2].second.error().code, Code::kUnknownOutcome);
    EXPECT_EQ(journal.outcomes[3].second.error().code, Code::kFatal);
    EXPECT_EQ(files.syncs(), syncs + 1) << "a failed sync is never asked again";
    EXPECT_EQ(told.size(), 1u);
    EXPECT_TRUE(journal->poisoned());
    EXPECT_EQ(journal->durableEnd().value, eventsOf(1));
}

TEST(Journal, survivesAFullDiskAtEveryByteAndGoesOnWhenThereIsRoom) {
    for (std::size_t room = 0; room < 1'200; ++room) {
        MemoryFiles files;
        JournalOptions options = testJournalOptions();
        options.segment_bytes = 4096;
        TestJournal journal(files, options);
        for (std::uint64_t request = 0; request < 12; ++request) journal.write(request);
        // The room of the current segment is taken already: the disk is full in the next one.
        files.setRoom(room * 4);
        for (std::uint64_t request = 12; request < 40; ++request) journal.write(request);
        for (const auto& [request, outcome] : journal.outcomes)
            ASSERT_TRUE(outcome || outcome.error().code == Code::kUnavailable);
        ASSERT_FALSE(journal->poisoned());

        files.setRoom(std::nullopt);
        ASSERT_TRUE(journal.write(40));

        ASSERT_EQ(journal.requests(), journal.acknowledged()) << room;
        journal.journal.reset();
        TestJournal again(files, options);
        ASSERT_EQ(again.requests(), journal.acknowledged()) << room;
        ASSERT_FALSE(again->recovery().damaged());
    }
}

// A file system that takes no room ahead finds the disk full in the middle of a group.
TEST(Journal, leavesNothingOfAGroupThatFoundTheDiskFull) {
    std::size_t cut_short = 0;
    for (std::size_t room = 0; room < 2'000; ++room) {
        MemoryFiles files;
        TestJournal journal(files);
        journal.write(1);
        const std::string path = segmentPath("journal", 1);
        ASSERT_TRUE(files.open(path, OpenMode::kReadWrite)
                        .value()
                        ->truncate(kRecordsBegin +
                                   EncodedRecord::ofEvents(testRequest(1))->bytes().size()));
        files.setRoom(room);
        for (std::uint64_t request = 2; request < 8; ++request) journal.submit(request);
        journal->commitGroup();
        const bool failed = !journal.outcomes.back().second;
        cut_short += failed ? 1 : 0;
        for (std::size_t i = 1; i < 7; ++i) ASSERT_EQ(!journal.outcomes[i].second, failed);

        files.setRoom(std::nullopt);
        ASSERT_TRUE(journal.write(8));

        ASSERT_EQ(journal.requests(), journal.acknowledged()) << room;
        journal.journal.reset();
        ASSERT_EQ(TestJournal(files).requests(), journal.acknowledged()) << room;
    }
    EXPECT_GT(cut_short, 500u);
    EXPECT_LT(cut_short, 2'000u);
}

TEST(Journal, refusesWhatIsOverItsLimitBeforeAnythingIsWritten) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    options.bytes_max = 3 * 4096;
    TestJournal journal(files, options);
    std::uint64_t request = 0;
    while (journal.write(request)) ++request;

    EXPECT_EQ(journal.outcomes.back().second.error().code, Code::kQueueFull);
    EXPECT_LE(journal->bytes(), options.bytes_max);
    ASSERT_TRUE(journal->trim(journal->durableEnd()));
    EXPECT_TRUE(journal.write(request)) << "there is room again";
}

TEST(Journal, opensAlthoughItIsFull) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    options.bytes_max = 2 * 4096;
    std::vector<std::uint64_t> acknowledged;
    {
        TestJournal journal(files, options);
        for (std::uint64_t request = 0; request < 100; ++request) journal.write(request);
        acknowledged = journal.acknowledged();
    }

    TestJournal again(files, options);

    ASSERT_TRUE(again) << again.error.what;
    EXPECT_EQ(again.requests(), acknowledged);
}

TEST(Journal, refusesAtOnceWhatItHasNoMemoryFor) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.waiting_bytes_max = 1'000;
    TestJournal journal(files, options);
    for (std::uint64_t request = 0; request < 20; ++request) journal.submit(request);

    ASSERT_FALSE(journal.outcomes.empty());
    EXPECT_EQ(journal.outcomes.front().second.error().code, Code::kQueueFull);
    const std::size_t refused = journal.outcomes.size();
    EXPECT_EQ(journal->commitGroup(), 20 - refused);
    EXPECT_TRUE(journal.write(21));
}

TEST(Journal, takesARecordThatIsLargerThanASegment) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    TestJournal journal(files, options);
    EventView event = testEvent(testId(1));
    const std::string text(30'000, 'x');
    event.text(TextField::kProperties) = text;
    ASSERT_TRUE(journal.write(1));

    bool acknowledged = false;
    journal->submit(batchOf({event}), [&](auto first) { acknowledged = first.has_value(); });
    journal->commitGroup();
    ASSERT_TRUE(journal.write(2));

    EXPECT_TRUE(acknowledged);
    EXPECT_EQ(journal.readAll().size(), 3u);
}

TEST(Journal, saysHowLongTheOldestRequestHasBeenWaiting) {
    MemoryFiles files;
    TestJournal journal(files);
    EXPECT_FALSE(journal->oldestWaiting());
    journal.submit(1);
    const SteadyTime first = journal.clock.steadyNow();
    journal.clock.advance(seconds(3));
    journal.submit(2);

    EXPECT_EQ(journal->oldestWaiting(), first);
    journal->commitGroup();
    EXPECT_FALSE(journal->oldestWaiting());
}

TEST(Journal, refusesAfterCloseAndStillCommitsWhatWaits) {
    MemoryFiles files;
    TestJournal journal(files);
    journal.submit(1);
    journal->close();
    journal.submit(2);
    journal->commitGroup();

    ASSERT_EQ(journal.outcomes.size(), 2u);
    EXPECT_EQ(journal.outcomes[0].second.error().code, Code::kClosed);
    EXPECT_EQ(journal.acknowledged(), numbers(1, 1));
}

TEST(Journal, trimsWholeSegmentsThatAreCoveredAndNoOthers) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    TestJournal journal(files, options);
    for (std::uint64_t request = 0; request < 60; ++request) journal.write(request);
    const std::uint64_t end = journal->durableEnd().value;

    for (std::uint64_t through = 0; through <= end; ++through) {
        ASSERT_TRUE(journal->trim({through}));

        ASSERT_LE(journal->firstRetained().value, through + 1);
        std::uint64_t expected = through + 1;
        for (const JournalRecord& record : journal.readAll({through + 1})) {
            ASSERT_EQ(record.missing, 0u);
            expected = record.first.value + record.batch.size();
        }
        ASSERT_EQ(expected, std::max(through, end) + 1);
    }
    EXPECT_EQ(journal->segments(), 1u);
    EXPECT_EQ(files.list("journal")->size(), 2u) << "the current one and a spare one";
    ASSERT_TRUE(journal.write(60));
}

TEST(Journal, writesOverARecycledSegmentWithoutReadingItsOldRecords) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    std::uint64_t request = 0;
    SequenceNumber trimmed;
    for (int life = 0; life < 8; ++life) {
        TestJournal journal(files, options, trimmed);
        ASSERT_FALSE(journal->recovery().damaged()) << life;
        for (int i = 0; i < 70; ++i) {
            ASSERT_TRUE(journal.write(request++));
            if (i % 5 == 4 && i < 60) {
                trimmed = journal->durableEnd();
                ASSERT_TRUE(journal->trim(trimmed));
            }
        }
        std::uint64_t expected = trimmed.value + 1;
        for (const JournalRecord& record : journal.readAll(trimmed + 1)) {
            ASSERT_EQ(record.first.value, expected);
            expected += record.batch.size();
        }
        ASSERT_EQ(journal.read_damage.places, 0u);
    }
}

TEST(Journal, keepsWhatRetentionAsksFor) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    options.retention_bytes = 3 * 4096;
    options.retention_age = seconds(60);
    TestJournal journal(files, options);
    for (std::uint64_t request = 0; request < 100; ++request) journal.write(request);
    const std::size_t before = journal->segments();

    ASSERT_TRUE(journal->trim(journal->durableEnd()));
    EXPECT_EQ(journal->segments(), before) << "too young";
    journal.clock.advance(seconds(61));
    ASSERT_TRUE(journal->trim(journal->durableEnd()));
    EXPECT_EQ(journal->segments(), 3u);
}

TEST(Journal, refusesNothingForWhatIsMerelyRetained) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    options.bytes_max = 4 * 4096;
    options.retention_bytes = 1 << 30;
    options.retention_age = seconds(3'600);
    TestJournal journal(files, options);

    for (std::uint64_t request = 0; request < 200; ++request) {
        ASSERT_TRUE(journal.write(request)) << journal.outcomes.back().second.error().what;
        ASSERT_LE(journal->bytes(), options.bytes_max);
        ASSERT_TRUE(journal->trim(journal->durableEnd()));
    }

    EXPECT_EQ(journal->segments(), 4u) << "as many as there is room for";
    EXPECT_GT(journal->firstRetained(), SequenceNumber{1});
}

TEST(Journal, refusesAtItsLimitRatherThanForgetWhatNoCheckpointCovers) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    options.bytes_max = 4 * 4096;
    options.retention_bytes = 1 << 30;
    TestJournal journal(files, options);
    ASSERT_TRUE(journal.write(0));
    ASSERT_TRUE(journal->trim(journal->durableEnd()));

    std::uint64_t request = 1;
    while (journal.write(request)) ++request;

    EXPECT_EQ(journal.outcomes.back().second.error().code, Code::kQueueFull);
    EXPECT_EQ(journal.requests(), numbers(0, request - 1));
    ASSERT_TRUE(journal->trim(journal->durableEnd()));
    EXPECT_TRUE(journal.write(request));
}

TEST(Journal, givesUpWhatItRetainsForAFullDisk) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    options.retention_bytes = 1 << 30;
    TestJournal journal(files, options);
    for (std::uint64_t request = 0; request < 60; ++request) journal.write(request);
    const std::size_t before = journal->segments();
    ASSERT_TRUE(journal->trim(journal->durableEnd()));
    files.setRoom(0);

    for (std::uint64_t request = 60; request < 120; ++request)
        ASSERT_TRUE(journal.write(request)) << journal.outcomes.back().second.error().what;

    EXPECT_LE(journal->segments(), before);
}

TEST(Journal, doesNotTakeASegmentFromAReader) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    TestJournal journal(files, options);
    for (std::uint64_t request = 0; request < 60; ++request) journal.write(request);
    JournalReader reader = journal->readFrom({1});
    ASSERT_TRUE(reader.next().value());

    ASSERT_TRUE(journal->trim(journal->durableEnd()));
    for (std::uint64_t request = 60; request < 120; ++request) journal.write(request);

    std::size_t read = 1;
    while (reader.next().value()) ++read;
    EXPECT_EQ(read, 120u);
    EXPECT_EQ(reader.damage().places, 0u);
}

TEST(Journal, refusesOptionsThatCannotWork) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.bytes_max = options.segment_bytes;

    const TestJournal journal(files, options);

    ASSERT_FALSE(journal);
    EXPECT_EQ(journal.error.code, Code::kInvalidArgument);
}

TEST(Journal, commitsWhatManyThreadsSubmitWhileOthersReadAndTrim) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 16 << 10;
    TestJournal journal(files, options);
    constexpr std::uint64_t kThreads = 4;
    constexpr std::uint64_t kRequests = 300;
    std::atomic<std::uint64_t> answered{0};
    std::uint64_t last_first = 0;  // the leader's
    std::jthread leader([&](const std::stop_token& stop) { journal->run(stop); });
    std::jthread reader([&] {
        JournalReader live = journal->readFrom({1});
        std::uint64_t read = 0;
        while (read < kThreads * kRequests) {
            const auto record = live.next();
            ASSERT_TRUE(record);
            if (!*record) {
                std::this_thread::yield();
                continue;
            }
            ++read;
            ASSERT_EQ((*record)->missing, 0u);
            ASSERT_LE(live.position().value, journal->durableEnd().value + 1);
            const bool trims = read % 50 == 0;
            ASSERT_TRUE(!trims || journal->trim({(*record)->first.value - 1}));
        }
    });
    {
        std::vector<std::jthread> submitters;
        for (std::uint64_t thread = 0; thread < kThreads; ++thread)
            submitters.emplace_back([&, thread] {
                for (std::uint64_t i = 0; i < kRequests; ++i) {
                    journal->submit(testRequest(thread * kRequests + i),
                                    [&](Result<SequenceNumber> first) {
                                        ASSERT_TRUE(first);
                                        ASSERT_GT(first->value, last_first);
                                        last_first = first->value;
                                        answered.fetch_add(1, std::memory_order_relaxed);
                                    });
                    if (i % 16 == 0) std::this_thread::yield();
                }
            });
    }
    reader.join();
    leader.request_stop();
    leader.join();

    EXPECT_EQ(answered.load(), kThreads * kRequests);
}

}  // namespace
}  // namespace footfall
