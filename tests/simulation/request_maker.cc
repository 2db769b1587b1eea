#include "tests/simulation/request_maker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace footfall {
namespace {

constexpr std::uint64_t kRecent = 20;

std::string jsonOf(const SentEvent& event) {
    return fmt::format(
        R"({{"event_id":"{}","user_id":"u{}","event_type":"{}","timestamp":{},"quantity":{}}})",
        toString(event.id()), event.number / 3, event.poison ? "poison" : "access_app",
        1'772'200'000 + event.number, event.variant);
}

}  // namespace

MadeRequest RequestMaker::next() {
    MadeRequest made;
    const std::uint64_t kind = random_.below(40);
    if (kind == 0) return {.body = R"([{"event_id":)", .valid = {}, .status = 400};
    if (kind == 1) return {.body = "[]", .valid = {}, .status = 422};
    std::vector<std::string> events;
    for (std::uint64_t good = kind == 2 ? 0 : 1 + random_.below(kind < 6 ? 20 : 5); good > 0;
         --good)
        events.push_back(jsonOf(made.valid.emplace_back(event())));
    for (std::uint64_t bad = random_.chance(0.2) || kind == 2 ? 1 + random_.below(3) : 0; bad > 0;
         --bad, ++made.rejected)
        events.insert(
            events.begin() + static_cast<std::ptrdiff_t>(random_.below(events.size() + 1)),
            random_.chance(0.5) ? R"({"event_type":"access_app"})"
                                : R"({"user_id":"u1","event_type":"a","quantity":-1})");
    if (made.valid.empty()) made.status = 422;
    made.body = bodyOf(events);
    return made;
}

SentEvent RequestMaker::event() {
    const std::uint64_t known = last_sent_.size();
    const std::uint64_t kind = known == 0 ? 9 : random_.below(10);
    if (kind < 2) return again(known - 1 - random_.below(std::min(known, kRecent)));
    if (kind < 4) return again(random_.below(known));
    return last_sent_.emplace_back(SentEvent{.number = known, .poison = random_.chance(0.04)});
}

SentEvent RequestMaker::again(std::uint64_t number) {
    SentEvent& event = last_sent_[number];
    if (random_.chance(0.7)) return event;
    ++event.variant;
    event.poison = event.poison ? random_.chance(0.5) : random_.chance(0.02);
    return event;
}

std::string RequestMaker::bodyOf(const std::vector<std::string>& events) {
    if (events.size() == 1 && random_.chance(0.3)) return events.front();
    if (events.size() > 1 && random_.chance(0.2))
        return fmt::format("{}\n", fmt::join(events, "\n"));
    const std::string array = fmt::format("[{}]", fmt::join(events, ","));
    return random_.chance(0.2) ? fmt::format(R"({{"events":{}}})", array) : array;
}

}  // namespace footfall
