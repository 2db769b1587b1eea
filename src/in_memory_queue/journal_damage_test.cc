// What can happen to the bytes of a segment while nobody looks, at every offset: recovery never
// crashes, never loops, never invents, keeps every intact record and counts the rest.
#include <algorithm>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

#include "in_memory_queue/journal.h"
#include "support/crc32c.h"
#include "tests/fakes/test_journal.h"

namespace footfall {
namespace {

struct Place {
    std::size_t offset;
    std::size_t bytes;
    std::size_t end() const { return offset + bytes; }
};

// A journal of one segment: requests 1 to `count`, a group each, and where their records stand.
struct Written {
    std::string path = segmentPath("journal", 1);
    std::string text;
    std::vector<Place> places;
    std::size_t end() const { return places.back().end(); }

    explicit Written(std::uint64_t count, std::size_t segment_bytes = 8192) {
        MemoryFiles files;
        JournalOptions options = testJournalOptions();
        options.segment_bytes = segment_bytes;
        TestJournal journal(files, options);
        std::size_t offset = kRecordsBegin;
        for (std::uint64_t request = 1; request <= count; ++request) {
            CHECK(journal.write(request), "the fake disk is large enough");
            const std::size_t bytes = EncodedRecord::ofEvents(testRequest(request))->bytes().size();
            places.push_back({offset, bytes});
            offset += bytes;
        }
        text = files.text(path);
    }
    // Requests whose records have none of the bytes [from, to).
    std::vector<std::uint64_t> untouched(std::size_t from, std::size_t to) const {
        std::vector<std::uint64_t> requests;
        for (std::size_t i = 0; i < places.size(); ++i)
            if (places[i].end() <= from || places[i].offset >= to) requests.push_back(i + 1);
        return requests;
    }
};

// Opens the segment with these bytes, twice, and checks what must hold whatever they are.
struct Opened {
    JournalRecoveryReport report;
    std::vector<std::uint64_t> requests;
};
Opened open(const Written& written, std::string_view text, SequenceNumber position = {}) {
    MemoryFiles files;
    CHECK(files.replace(written.path, text).has_value(), "the fake disk works");
    Opened opened;
    {
        TestJournal journal(files, testJournalOptions(), position);
        CHECK(journal.journal != nullptr, "damage does not keep the journal from opening");
        opened.report = journal->recovery();
        opened.requests = journal.requests();
        EXPECT_EQ(journal.read_damage.places, 0u) << "recovery leaves no damage behind";
    }
    TestJournal again(files, testJournalOptions(), position);
    EXPECT_EQ(again.requests(), opened.requests) << "the second time like the first";
    EXPECT_EQ(again->recovery().damage.places, 0u);
    EXPECT_TRUE(again->recovery().quarantined.empty());
    EXPECT_TRUE(again.write(100)) << "and it can be written";
    return opened;
}

bool noticed(const JournalRecoveryReport& report) {
    return report.damage.places > 0 || report.torn_bytes > 0;
}

TEST(JournalDamage, keepsEveryIntactRecordWhicheverBitIsFlipped) {
    const Written written(8);
    for (std::size_t at = written.places[5].offset; at < written.end(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string text = written.text;
            text[at] = static_cast<char>(text[at] ^ (1 << bit));

            const Opened opened = open(written, text);

            ASSERT_EQ(opened.requests, written.untouched(at, at + 1)) << at << " bit " << bit;
            ASSERT_TRUE(noticed(opened.report));
            const bool last = at >= written.places.back().offset;
            ASSERT_EQ(opened.report.damaged(), !last) << "the last may be an unfinished write";
        }
}

TEST(JournalDamage, keepsEveryIntactRecordWhereverTheFileEnds) {
    const Written written(8);
    for (std::size_t at = written.places[5].offset; at < written.end(); ++at) {
        const Opened opened = open(written, std::string_view(written.text).substr(0, at));

        ASSERT_EQ(opened.requests, written.untouched(at, written.end())) << at;
    }
}

TEST(JournalDamage, keepsEveryIntactRecordWhereverZerosBegin) {
    const Written written(8);
    for (std::size_t at = written.places[5].offset; at < written.end(); ++at) {
        std::string text = written.text;
        std::fill(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\0');

        const Opened opened = open(written, text);

        // Zeros over a record's padding leave it as it was.
        std::vector<std::uint64_t> expected = written.untouched(at, written.end());
        for (std::size_t i = expected.size(); i < written.places.size(); ++i)
            if (text.compare(written.places[i].offset, written.places[i].bytes, written.text,
                             written.places[i].offset, written.places[i].bytes) == 0)
                expected.push_back(i + 1);
        ASSERT_EQ(opened.requests, expected) << at;
    }
}

TEST(JournalDamage, toleratesZerosAndGarbageBehindTheEnd) {
    const Written written(8);
    Random random(1);
    for (std::size_t extra = 1; extra < 4200; extra += 97) {
        std::string garbage(extra, '\0');
        const std::string upto = written.text.substr(0, written.end());
        EXPECT_EQ(open(written, upto + garbage).requests, numbers(1, 8));
        EXPECT_FALSE(noticed(open(written, upto + garbage).report));

        for (char& byte : garbage) byte = static_cast<char>(random.next());
        const Opened opened = open(written, upto + garbage);

        EXPECT_EQ(opened.requests, numbers(1, 8));
        EXPECT_EQ(opened.report.torn_bytes, extra);
        EXPECT_FALSE(opened.report.damaged());
    }
}

TEST(JournalDamage, takesARecordOnceThatIsThereTwice) {
    const Written written(8);
    for (std::size_t twice = 0; twice < 8; ++twice)
        for (std::size_t before = twice; before <= 8; ++before) {
            const Place place = written.places[twice];
            const std::size_t at = before == 8 ? written.end() : written.places[before].offset;
            std::string text = written.text.substr(0, written.end());
            text.insert(at, written.text, place.offset, place.bytes);

            const Opened opened = open(written, text);

            EXPECT_EQ(opened.requests, numbers(1, 8));
            EXPECT_TRUE(opened.report.damaged());
            EXPECT_EQ(opened.report.quarantined.size(), 1u);
        }
}

TEST(JournalDamage, putsSwappedRecordsBackInOrder) {
    const Written written(8);
    for (std::size_t left = 0; left < 8; ++left)
        for (std::size_t right = left + 1; right < 8; ++right) {
            std::vector<Place> places = written.places;
            std::swap(places[left], places[right]);
            std::string text = written.text.substr(0, kRecordsBegin);
            for (const Place& place : places)
                text += written.text.substr(place.offset, place.bytes);

            const Opened opened = open(written, text);

            EXPECT_EQ(opened.requests, numbers(1, 8));
            EXPECT_EQ(opened.report.lost_events, 0u);
            EXPECT_EQ(opened.report.quarantined.size(), 1u);
        }
}

TEST(JournalDamage, neverTakesARecordOfAnotherLifeOfTheFile) {
    const Written written(8);
    // The same requests in a segment with another id, and in one of another journal.
    MemoryFiles other_files;
    JournalOptions other_options = testJournalOptions();
    other_options.random_seed = 2;
    TestJournal other(other_files, other_options);
    for (std::uint64_t request = 50; request < 60; ++request) ASSERT_TRUE(other.write(request));
    const std::string foreign = other_files.text(written.path);

    for (std::size_t keep = 0; keep <= 8; ++keep) {
        const std::size_t end = keep == 0 ? kRecordsBegin : written.places[keep - 1].end();
        std::string text = written.text.substr(0, end);
        text += foreign.substr(kRecordsBegin, 2'000);

        EXPECT_EQ(open(written, text).requests, numbers(1, keep));
    }
}

TEST(JournalDamage, countsWhatWasDurableAndIsGone) {
    const Written written(8);
    std::string text = written.text;
    text[written.places[3].offset + 60] ^= 1;  // request 4 has 2 events

    const Opened opened = open(written, text);

    EXPECT_EQ(opened.requests, (std::vector<std::uint64_t>{1, 2, 3, 5, 6, 7, 8}));
    EXPECT_EQ(opened.report.lost_events, 2u);
    EXPECT_EQ(opened.report.damage.places, 1u);
    EXPECT_EQ(opened.report.damage.bytes, written.places[3].bytes);
    EXPECT_EQ(opened.report.torn_bytes, 0u);
}

TEST(JournalDamage, tellsTheReaderHowManyNumbersAreMissing) {
    const Written written(8);
    std::string text = written.text;
    text[written.places[3].offset + 60] ^= 1;
    MemoryFiles files;
    ASSERT_TRUE(files.replace(written.path, text));
    TestJournal journal(files);

    const auto records = journal.readAll();

    ASSERT_EQ(records.size(), 7u);
    for (const JournalRecord& record : records)
        EXPECT_EQ(record.missing, requestOf(record.batch) == 5 ? 2u : 0u);
}

TEST(JournalDamage, takesWhatTheDatabaseHasForDurable) {
    const Written written(8);
    const std::string_view cut = std::string_view(written.text).substr(0, written.places[7].offset);
    const std::uint64_t last = 15;  // events of the requests 1 to 8

    EXPECT_FALSE(open(written, cut).report.damaged());
    const Opened opened = open(written, cut, {last});
    EXPECT_EQ(opened.report.lost_events, 0u) << "the database has them";
    EXPECT_EQ(opened.requests, numbers(1, 7));
}

TEST(JournalDamage, survivesADamagedHeader) {
    const Written written(8);
    for (std::size_t at = 0; at < kRecordsBegin; ++at) {
        std::string text = written.text;
        text[at] ^= 1;

        EXPECT_EQ(open(written, text).requests, numbers(1, 8)) << at;
    }
}

TEST(JournalDamage, findsTheRecordsOfASegmentWithoutAHeaderByTheOnesBesideIt) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    {
        TestJournal journal(files, options);
        for (std::uint64_t request = 0; request < 60; ++request)
            ASSERT_TRUE(journal.write(request));
        ASSERT_GT(journal->segments(), 3u);
    }
    std::string text = files.text(segmentPath("journal", 2));
    std::fill_n(text.begin(), kRecordsBegin, '\xaa');
    ASSERT_TRUE(files.replace(segmentPath("journal", 2), text));

    TestJournal journal(files, options);

    EXPECT_EQ(journal.requests(), numbers(0, 59));
    EXPECT_EQ(journal->recovery().lost_events, 0u);
    EXPECT_EQ(journal->recovery().quarantined.size(), 1u);
}

TEST(JournalDamage, countsAMissingSegment) {
    MemoryFiles files;
    JournalOptions options = testJournalOptions();
    options.segment_bytes = 4096;
    {
        TestJournal journal(files, options);
        for (std::uint64_t request = 0; request < 60; ++request)
            ASSERT_TRUE(journal.write(request));
    }
    ASSERT_TRUE(files.remove(segmentPath("journal", 2)));

    TestJournal journal(files, options);

    const std::vector<std::uint64_t> left = journal.requests();
    EXPECT_LT(left.size(), 60u);
    EXPECT_EQ(left.back(), 59u);
    std::uint64_t lost = 0;
    for (std::uint64_t request = 0; request < 60; ++request)
        if (!std::ranges::binary_search(left, request)) lost += testRequest(request).size();
    EXPECT_EQ(journal->recovery().lost_events, lost);
}

TEST(JournalDamage, refusesAJournalOfANewerVersion) {
    const Written written(1);
    std::string text = written.text;
    for (const std::size_t copy : {std::size_t{0}, sizeof(SegmentHeader)}) {
        SegmentHeader header;
        std::memcpy(&header, text.data() + copy, sizeof header);
        header.version = kJournalVersion + 1;
        header.crc = crc32c(std::as_bytes(std::span(&header, 1)).first(sizeof header - 4));
        std::memcpy(text.data() + copy, &header, sizeof header);
    }
    MemoryFiles files;
    ASSERT_TRUE(files.replace(written.path, text));

    const TestJournal journal(files);

    ASSERT_FALSE(journal);
    EXPECT_EQ(journal.error.code, Code::kInvalidArgument);
    EXPECT_EQ(files.text(written.path), text) << "and leaves it alone";
}

}  // namespace
}  // namespace footfall
