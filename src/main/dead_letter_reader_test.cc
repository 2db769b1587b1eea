#include "main/dead_letter_reader.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "queue_consumer/dead_letter.h"
#include "support/time_text.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/memory_files.h"
#include "tests/fakes/text_source.h"

namespace footfall {
namespace {

struct Read {
    std::vector<DeadLetter> letters;
    std::vector<std::uint64_t> skipped;  // lines
};

Read readAll(std::string_view text) {
    Read read;
    TextSource source(text);
    DeadLetterReader reader(
        source, [&](std::uint64_t line, std::string_view) { read.skipped.push_back(line); });
    while (true) {
        auto letter = reader.next();
        EXPECT_TRUE(letter) << letter.error().what;
        if (!letter || !*letter) return read;
        read.letters.push_back(std::move(**letter));
    }
}

constexpr std::string_view kLetter =
    R"({"event":{"event_id":"e1","anonymous_id":"a1","event_type":"look","amount":0.10,)"
    R"("properties":{"n": 12345678901234567890.5}},"reason":"no","time":"2026-03-01T00:00:00Z"})"
    "\n";

TEST(DeadLetterReader, readsWhatTheConsumerWrites) {
    MemoryFiles files;
    EventView event = testEvent(testId(1), "place_order");
    event.text(TextField::kUserId) = "asha";
    ASSERT_TRUE(DeadLetters(files, "dead.jsonl")
                    .add(event, "says \"no\"\n", utcFromMicros(1'772'323'200'000'001)));

    const Read read = readAll(files.text("dead.jsonl"));

    ASSERT_EQ(read.letters.size(), 1u);
    const DeadLetter& letter = read.letters[0];
    EXPECT_EQ(letter.event_id, toString(testId(1)));
    EXPECT_EQ(letter.event_type, "place_order");
    EXPECT_EQ(letter.user, "asha");
    EXPECT_EQ(letter.reason, "says \"no\"\n");
    EXPECT_EQ(formatUtc(letter.time), "2026-03-01T00:00:00.000001Z");
    EXPECT_TRUE(read.skipped.empty());
}

TEST(DeadLetterReader, keepsTheEventToTheByte) {
    const Read read = readAll(kLetter);

    ASSERT_EQ(read.letters.size(), 1u);
    EXPECT_EQ(read.letters[0].event,
              R"({"event_id":"e1","anonymous_id":"a1","event_type":"look","amount":0.10,)"
              R"("properties":{"n": 12345678901234567890.5}})");
    EXPECT_EQ(read.letters[0].user, "a1");
}

TEST(DeadLetterReader, findsNothingInAnEmptyFile) {
    EXPECT_TRUE(readAll("").letters.empty());
    EXPECT_TRUE(readAll("\n\n").letters.empty());
    EXPECT_TRUE(readAll("\n\n").skipped.empty());
}

TEST(DeadLetterReader, skipsAndNamesALastLineThatIsTornAtAnyByte) {
    const std::string whole(kLetter);
    for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
        const Read read = readAll(whole + whole.substr(0, bytes));

        ASSERT_EQ(read.letters.size(), 1u) << bytes;
        ASSERT_EQ(read.skipped, std::vector<std::uint64_t>{2}) << bytes;
    }
}

TEST(DeadLetterReader, skipsAndNamesWhatIsNoDeadLetter) {
    const std::string whole(kLetter);
    for (const std::string other :
         {"{\"event\":{\"event_id\":\"e1", "no JSON", "7", "{}", "{\"event\":7}",
          "{\"event\":{},\"reason\":\"no time\"}", "{\"event\":{},\"time\":\"yesterday\"}"}) {
        const Read read = readAll(whole + other + "\n" + whole);

        EXPECT_EQ(read.letters.size(), 2u) << other;
        EXPECT_EQ(read.skipped, std::vector<std::uint64_t>{2}) << other;
    }
}

TEST(DeadLetterReader, saysWhereEachLetterLies) {
    const std::string whole(kLetter);
    const std::string text = whole + "torn\n" + whole;

    const Read read = readAll(text);

    ASSERT_EQ(read.letters.size(), 2u);
    EXPECT_EQ(read.letters[0].begin, 0u);
    EXPECT_EQ(read.letters[0].end, whole.size());
    EXPECT_EQ(read.letters[1].begin, whole.size() + 5);
    EXPECT_EQ(read.letters[1].end, text.size());
    EXPECT_EQ(read.letters[1].line, 3u);
}

}  // namespace
}  // namespace footfall
