// Damage at every offset of a whole segment of 64 KiB, the newest one and one in the middle: never
// a crash, nothing invented, every intact record kept, and what is gone is counted. What takes an
// opening an offset takes every seventh, and all of them with FOOTFALL_TEST_EVERY_OFFSET.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "in_memory_queue/journal.h"
#include "tests/fakes/test_journal.h"

namespace footfall {
namespace {

constexpr std::size_t kSegmentBytes = 64 << 10;
constexpr std::size_t kReadEvery = 13;  // no multiple of what records are aligned to

struct Place {
    std::size_t offset;
    std::size_t bytes;
    std::size_t end() const { return offset + bytes; }
};

EventBatch eventNumber(std::uint64_t number) {
    Random random(number);
    const std::string properties(random.below(2'000), static_cast<char>('a' + number % 26));
    EventView event = testEvent(testId(number));
    event.text(TextField::kProperties) = properties;
    return batchOf({event});
}

// A journal of a full segment and a begun one; event n has the number n and a record of its own.
struct Written {
    MemoryFiles files;
    std::string text;           // of the first segment
    std::string next_text;      // of the one after it
    std::vector<Place> places;  // of event i + 1, while it is in the first segment
    std::map<std::uint64_t, EventBatch> events;

    Written() {
        TestJournal journal(files);
        std::size_t offset = kRecordsBegin;
        for (std::uint64_t number = 1; journal->segments() == 1 || number % 4 != 0; ++number) {
            const EventBatch& batch = events.emplace(number, eventNumber(number)).first->second;
            journal->submit(batch, [](const Result<SequenceNumber>& first) { ASSERT_TRUE(first); });
            journal->commitGroup();
            if (journal->segments() > 1) continue;
            places.push_back({offset, EncodedRecord::ofEvents(batch)->bytes().size()});
            offset = places.back().end();
        }
        text = files.text(segmentPath("journal", 1));
        next_text = files.text(segmentPath("journal", 2));
        // All that is behind its records, and a quick test has no use for it.
        next_text.resize(next_text.find_last_not_of('\0') / 8 * 8 + 8);
    }
    std::size_t end() const { return places.back().end(); }
    // Numbers of the records that are as they were in what is now the first segment.
    std::set<std::uint64_t> intact(std::string_view now) const {
        std::set<std::uint64_t> numbers;
        for (std::size_t i = 0; i < places.size(); ++i)
            if (now.size() >= places[i].end() &&
                std::memcmp(now.data() + places[i].offset, text.data() + places[i].offset,
                            places[i].bytes) == 0)
                numbers.insert(i + 1);
        return numbers;
    }
};

const Written& written() {
    static const Written written;
    return written;
}

// How the damaged segment stands in the journal.
enum class Where { kNewest, kMiddle };

class JournalDamageAtEveryOffset : public testing::TestWithParam<Where> {
  protected:
    static bool inTheMiddle() { return GetParam() == Where::kMiddle; }
    // One opening a step: with sanitizers all of them take minutes.
    static std::size_t step() {
        return std::getenv("FOOTFALL_TEST_EVERY_OFFSET") != nullptr ? 1 : 7;
    }
    static std::size_t lastNumber() {
        return inTheMiddle() ? written().events.size() : written().places.size();
    }

    // Opens the journal with this text for its first segment. All intact records are to be kept,
    // and in the middle each missing one counted. `reads`: and looks at every event that is left,
    // which takes most of the time.
    void expectKept(std::string_view now, std::set<std::uint64_t> intact, std::size_t at,
                    bool reads = true) {
        for (std::uint64_t number = written().places.size() + 1; number <= lastNumber(); ++number)
            intact.insert(number);
        MemoryFiles files;
        CHECK(files.replace(segmentPath("journal", 1), now), "the fake disk works");
        if (inTheMiddle())
            CHECK(files.replace(segmentPath("journal", 2), written().next_text), "it does");
        JournalSegments segments(options_, files, clock_, metrics_);

        auto recovered = recoverJournal(options_, files, clock_, {}, segments);

        ASSERT_TRUE(recovered) << at;
        report_ = recovered->report;
        const std::size_t lost = lastNumber() - intact.size();
        ASSERT_EQ(report_.lost_events, inTheMiddle() ? lost : report_.lost_events) << at;
        ASSERT_TRUE(!inTheMiddle() || lost == 0 || report_.damage.places > 0) << at;
        if (reads)
            ASSERT_EQ(numbersIn(files, segments), intact) << at;
        else
            ASSERT_EQ(report_.records, intact.size()) << at;
    }
    // Of the segments that are made now: the less there is to allocate, the quicker.
    static JournalOptions smallSegments() {
        JournalOptions options = testJournalOptions();
        options.segment_bytes = 4096;
        return options;
    }
    std::set<std::uint64_t> numbersIn(MemoryFiles& files, JournalSegments& segments) {
        std::set<std::uint64_t> numbers;
        JournalReader reader(files, segments, {1}, metrics_);
        while (true) {
            const auto record = reader.next();
            CHECK(record, "the fake disk can be read");
            if (!*record) break;
            const auto found = written().events.find((*record)->first.value);
            CHECK(found != written().events.end() && (*record)->batch == found->second,
                  "nothing is invented");
            EXPECT_TRUE(numbers.insert(found->first).second) << "nothing twice";
        }
        EXPECT_EQ(reader.damage().places, 0u) << "recovery leaves no damage behind";
        return numbers;
    }

    JournalRecoveryReport report_;  // of the last one
    const JournalOptions options_ = smallSegments();
    FakeClock clock_;
    Metrics metrics_;
};

// Every offset of every record, of each fourth one at a time.
TEST_P(JournalDamageAtEveryOffset, flippedBitsTakeTheirRecordsAlone) {
    constexpr std::size_t kTogether = 4;
    const std::vector<Place>& places = written().places;
    const std::size_t longest = std::ranges::max(places, {}, &Place::bytes).bytes;
    for (std::size_t start = 0; start < kTogether; ++start)
        for (std::size_t at = 0; at < longest; ++at) {
            std::string text = written().text;
            for (std::size_t i = start; i < places.size(); i += kTogether)
                if (at < places[i].bytes)
                    text[places[i].offset + at] ^= static_cast<char>(1 << (at + i) % 8);
            expectKept(text, written().intact(text), at, at % kReadEvery == 0);
            if (HasFatalFailure()) return;
        }
}

TEST_P(JournalDamageAtEveryOffset, aFlippedBitTakesItsRecordAlone) {
    std::string text = written().text;
    ASSERT_EQ(text.size(), kSegmentBytes);
    for (std::size_t at = 0; at < text.size(); at += step()) {
        const auto bit = static_cast<char>(1 << at % 8);
        text[at] ^= bit;
        expectKept(text, written().intact(text), at, at % kReadEvery == 0);
        text[at] ^= bit;
        if (HasFatalFailure()) return;
        const bool in_a_record = at >= kRecordsBegin && at < written().end();
        ASSERT_TRUE(!in_a_record || report_.damage.places == 1 || report_.torn_bytes > 0) << at;
        ASSERT_LE(report_.damage.places, 1u) << at;
    }
}

TEST_P(JournalDamageAtEveryOffset, aFileThatEndsThereKeepsWhatIsBefore) {
    for (std::size_t at = 0; at < kSegmentBytes; at += step()) {
        const std::string_view text = std::string_view(written().text).substr(0, at);
        expectKept(text, written().intact(text), at, at % kReadEvery == 0);
        if (HasFatalFailure()) return;
    }
}

TEST_P(JournalDamageAtEveryOffset, zerosFromThereOnKeepWhatIsBefore) {
    std::string text = written().text;
    for (std::size_t at = kSegmentBytes; at-- > 0;) {
        text[at] = '\0';
        if (at % step() != 0) continue;
        expectKept(text, written().intact(text), at, at % kReadEvery == 0);
        if (HasFatalFailure()) return;
    }
}

TEST_P(JournalDamageAtEveryOffset, swappedRecordsAreAllKept) {
    const std::vector<Place>& places = written().places;
    for (std::size_t left = 0; left < places.size(); ++left)
        for (std::size_t right = left + 1; right < places.size(); ++right) {
            std::vector<Place> order = places;
            std::swap(order[left], order[right]);
            std::string text = written().text.substr(0, kRecordsBegin);
            for (const Place& place : order)
                text += written().text.substr(place.offset, place.bytes);

            expectKept(text, written().intact(written().text), left * 1'000 + right);
            if (HasFatalFailure()) return;
        }
}

TEST_P(JournalDamageAtEveryOffset, aRecordThatIsThereTwiceIsTakenOnce) {
    const std::vector<Place>& places = written().places;
    for (std::size_t twice = 0; twice < places.size(); ++twice)
        for (std::size_t before = twice; before < places.size(); ++before) {
            std::string text = written().text;
            const std::size_t bytes = places[twice].bytes;
            text.insert(places[before].offset, written().text, places[twice].offset, bytes);
            // In the middle the segment still ends where the next one says.
            const auto is_within = [&](std::size_t end) {
                return !inTheMiddle() || end <= written().end();
            };
            std::set<std::uint64_t> intact;
            if (is_within(places[before].offset + bytes)) intact.insert(twice + 1);
            for (std::size_t i = 0; i < places.size(); ++i)
                if (is_within(places[i].end() + (i >= before ? bytes : 0))) intact.insert(i + 1);

            expectKept(text, intact, twice * 1'000 + before);
            if (HasFatalFailure()) return;
            const bool is_damage =
                !inTheMiddle() || !text.starts_with(written().text.substr(0, written().end()));
            ASSERT_EQ(report_.damaged(), is_damage) << twice << " before " << before;
        }
}

TEST_P(JournalDamageAtEveryOffset, pagesOfZerosOrGarbageBehindTheEndTakeNothing) {
    Random random(1);
    for (std::size_t round = 0; round < 200; ++round) {
        std::string text = written().text;
        text.append(4096, '\0');
        if (round > 0)
            for (std::size_t at = kSegmentBytes; at < text.size(); ++at)
                text[at] = static_cast<char>(random.next());

        expectKept(text, written().intact(text), round);
        if (HasFatalFailure()) return;
    }
}

INSTANTIATE_TEST_SUITE_P(Segments, JournalDamageAtEveryOffset,
                         testing::Values(Where::kNewest, Where::kMiddle), [](const auto& where) {
                             return where.param == Where::kNewest ? "newest" : "middle";
                         });

}  // namespace
}  // namespace footfall
