// journey_index_bench: what does it cost to keep every user's journey in memory?
//
// Run without arguments: 50 million events of 5 million users, those of the canonical workload
// (event_bodies.h: any order of stages, 5 % of events 40 days old, 2,000 cities, one event in ten
// an order), go into the index in commits of a row group. Processor time of one thread, without
// the database; the scan is by the clock, on all cores.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <time.h>

#include "journey_index/journey_state.h"
#include "journey_index/question_tally.h"
#include "support/check.h"
#include "support/clock.h"
#include "support/random.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::size_t kCommitRows = 122'880;
constexpr std::uint32_t kCities = 2'000;
constexpr std::int64_t kNowUs = 1'790'000'000'000'000;
constexpr std::int64_t kFortyDaysUs = 40LL * 86'400 * 1'000'000;
// As in event_bodies.cc: by position in the journey.
constexpr std::array<std::uint32_t, 10> kTypes = {0, 2, 2, 3, 3, 3, 2, 4, 5, 6};

struct Options {
    std::uint64_t events = 50'000'000;
    std::uint32_t users = 5'000'000;
    std::uint64_t spread_ms = 100'000;
};

double cpuSeconds() {
    timespec time{};
    CHECK(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0, "the thread has a clock");
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::vector<StoredRows::Name> names() {
    std::vector<StoredRows::Name> names;
    std::uint32_t code = 0;
    for (const Stage& stage : defaultJourney().stages)
        names.push_back({TextField::kEventType, ++code, stage.event_types.front()});
    for (std::uint32_t city = 1; city <= kCities; ++city)
        names.push_back({TextField::kCity, city, fmt::format("City {}", city)});
    for (std::uint32_t device = 1; device <= 3; ++device)
        names.push_back({TextField::kDevice, device, fmt::format("device {}", device)});
    for (std::uint32_t channel = 1; channel <= 4; ++channel)
        names.push_back({TextField::kChannel, channel, fmt::format("channel {}", channel)});
    return names;
}

StoredRows commit(std::uint64_t first, const Options& options, Random& random) {
    StoredRows rows;
    for (std::uint64_t i = first; i < first + kCommitRows; ++i) {
        const auto person = static_cast<std::uint32_t>(1 + random.below(options.users));
        const bool late = random.chance(0.05);
        rows.sequences.push_back({i + 1});
        rows.ids.push_back({.high = random.next(), .low = i});
        // The clock goes on as it does at 500,000 events/s; the last ones are seen.
        rows.timestamps_us.push_back(kNowUs + static_cast<std::int64_t>(i * 2 / 1'000 * 1'000) +
                                     static_cast<std::int64_t>(random.below(options.spread_ms)) *
                                         1'000 -
                                     (late ? kFortyDaysUs : 0));
        rows.amounts_ten_thousandths.push_back(static_cast<std::int64_t>(random.below(9'000'000)));
        rows.persons.push_back(person);
        rows.event_types.push_back(1 + kTypes[i * 7 % kTypes.size()]);
        rows.cities.push_back(static_cast<std::uint32_t>(1 + mixBits(person) % kCities));
        rows.devices.push_back(static_cast<std::uint32_t>(1 + i % 3));
        rows.channels.push_back(static_cast<std::uint32_t>(1 + i % 4));
        rows.products.push_back(static_cast<std::uint32_t>(random.below(20'000)));
        rows.currencies.push_back(0);
    }
    return rows;
}

// The median of five.
void printScan(const JourneyState& state, const char* name, const JourneyQuestion& question) {
    const SystemClock clock;
    std::vector<double> seconds;
    for (int i = 0; i < 5; ++i) {
        const SteadyTime began = clock.steadyNow();
        QuestionTally tally(state.shape());
        const Persons undecided = state.scan(question, tally);
        const StageCounts counts = tally.journey.stages();
        seconds.push_back(Seconds(clock.steadyNow() - began).count());
        if (i == 0)
            fmt::print("scan, {:<10} {} users, {} undecided: ", name, counts.total_users,
                       undecided.size());
    }
    std::ranges::sort(seconds);
    fmt::print("{:.1f} ms\n", seconds[2] * 1e3);
}

void printStanding(const JourneyState& state, const JourneyQuestion& question) {
    const SystemClock clock;
    Persons undecided;
    const SteadyTime began = clock.steadyNow();
    const StageCounts stages = state.stages(question, undecided);
    const SteadyTime then = clock.steadyNow();
    const auto cities = state.cities(question, undecided);
    fmt::print("standing, {:<10} stages {:.2f} ms, cities {:.2f} ms ({} users, {} cities)\n",
               question.city.value_or("all"), Seconds(then - began).count() * 1e3,
               Seconds(clock.steadyNow() - then).count() * 1e3, stages.total_users, cities.size());
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("The cost of the journey index.");
    app.add_option("--events", options.events, "events to take in");
    app.add_option("--users", options.users, "who did them");
    app.add_option("--spread-ms", options.spread_ms, "how far events come out of their order");
    CLI11_PARSE(app, argc, argv);

    const PersonQuestion standing{.window_us = 7LL * 86'400 * 1'000'000};
    JourneyState state(defaultJourney(), "INR", EventIdKey(1), standing);
    StoredRows first;
    first.names = names();
    state.add({first, {}});
    state.startCounting();

    Random random(1);
    double cpu = 0;
    double cpu_shown = 0;
    std::uint64_t shown = 0;
    fmt::print("{:>12} {:>14} {:>10}\n", "events", "CPU us/event", "B/user");
    for (std::uint64_t events = 0; events < options.events;) {
        const StoredRows rows = commit(events, options, random);
        std::vector<std::uint64_t> orders(rows.size());
        for (std::size_t i = 0; i < orders.size(); ++i)
            orders[i] = rows.event_types[i] == kTypes.back() + 1 ? rows.ids[i].high | 1 : 0;
        const double began = cpuSeconds();
        state.add({rows, orders});
        cpu += cpuSeconds() - began;
        events += rows.size();
        if (events - shown < options.events / 5 && events < options.events) continue;
        fmt::print("{:>12} {:>14.3f} {:>10.1f}\n", events,
                   (cpu - cpu_shown) * 1e6 / static_cast<double>(events - shown),
                   static_cast<double>(state.logs().bytes()) / options.users);
        std::fflush(stdout);
        cpu_shown = cpu;
        shown = events;
    }
    JourneyQuestion question{
        .person = standing, .city = {}, .device = {}, .channel = {}, .now_us = kNowUs};
    printStanding(state, question);
    question.city = "City 7";
    printStanding(state, question);
    question.city = std::nullopt;
    question.device = "device 2";
    printScan(state, "device", question);
    question.device = std::nullopt;
    question.person.from_us = kNowUs;
    printScan(state, "period", question);
    return 0;
}

}  // namespace
}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc, argv);
}
