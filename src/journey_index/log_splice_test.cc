#include "journey_index/log_splice.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/random.h"
#include "tests/fakes/random_arrivals.h"

namespace footfall {
namespace {

constexpr std::size_t kStages = 7;
constexpr std::int64_t kNow = 1'790'000'000'123'000;
constexpr std::int64_t kLaterUs = 1'000'000'000;

std::vector<PersonLog::Arrival> sortedArrivals(Random& random, std::size_t count,
                                               std::int64_t from_us) {
    const bool in_micros = random.chance(0.3);
    auto arrivals = randomArrivals(random, count, from_us, in_micros, kStages);
    PersonLog::sort(arrivals);
    return arrivals;
}

// What a splice has seen is compared without device and channel, which it skips.
std::vector<LoggedEvent> withoutPairs(std::span<const LoggedEvent> events) {
    std::vector<LoggedEvent> without(events.begin(), events.end());
    for (LoggedEvent& event : without) event.device = event.channel = 0;
    return without;
}

TEST(LogSpliceTest, givesWhatAPersonsLogGivesAfterItHasTakenTheEvents) {
    Random random(2);
    int refused = 0;
    int between = 0;
    int behind = 0;
    LogSplice splice(kStages);
    for (int round = 0; round < 3'000; ++round) {
        PersonLog log;
        auto first = sortedArrivals(random, 1 + random.below(8), kNow);
        log.add(first);
        std::vector<std::byte> room;
        const auto form = log.encode(kStages, room);
        const std::vector<std::byte> encoded = [&] {
            std::vector<std::byte> bytes(form.begin(), form.end());
            bytes.resize(form.size() + LogDecoder::kBehindBytes);
            return bytes;
        }();
        const auto before = std::span(encoded).first(form.size());
        auto more =
            sortedArrivals(random, 1 + random.below(3), kNow + (random.chance(0.3) ? kLaterUs : 0));

        std::vector<LoggedEvent> seen;
        LogDecoder decoder(kStages, before, LogDecoder::Pairs::kSkip);
        const auto see = [&](const LoggedEvent& event, bool) { seen.push_back(event); };
        if (!splice.find(decoder, more, see)) {
            ++refused;
            continue;
        }
        const auto spliced = splice.write(before, more);
        const std::size_t place = seen.size();
        for (bool next = splice.hasNext(); next; next = decoder.next())
            seen.push_back(decoder.event());

        ++(place == log.events().size() ? behind : between);
        EXPECT_EQ(withoutPairs(seen), withoutPairs(log.events()));
        log.add(more);
        EXPECT_TRUE(std::ranges::equal(spliced, log.encode(kStages, room)));
        for (std::size_t i = 0; i < more.size(); ++i)
            EXPECT_EQ(log.events()[place + i], more[i].event);
    }
    EXPECT_GT(refused, 450);
    EXPECT_GT(between, 150);
    EXPECT_GT(behind, 450);
}

TEST(LogSpliceTest, leavesAnEmptyLogAndOneOfOtherUnitsToOthers) {
    Random random(3);
    LogSplice splice(kStages);
    const auto see = [](const LoggedEvent&, bool) {};
    const auto arrivals = sortedArrivals(random, 1, kNow);
    LogDecoder nothing(kStages, {}, LogDecoder::Pairs::kSkip);
    EXPECT_FALSE(splice.find(nothing, arrivals, see));

    PersonLog log;
    std::vector<PersonLog::Arrival> whole_ms = {{.event = {.at_us = kNow, .line = {}}, .id = {}}};
    log.add(whole_ms);
    std::vector<std::byte> room;
    LogDecoder in_millis(kStages, log.encode(kStages, room), LogDecoder::Pairs::kSkip);
    const std::vector<PersonLog::Arrival> micros = {
        {.event = {.at_us = kNow + 1, .line = {}}, .id = {}}};
    EXPECT_FALSE(splice.find(in_millis, micros, see));
}

}  // namespace
}  // namespace footfall
