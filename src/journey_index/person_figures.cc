#include "journey_index/person_figures.h"

#include <algorithm>
#include <bit>

#include "support/check.h"

namespace footfall {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

// The end of the events of one instant that begin at `begin`.
std::size_t instantEnd(std::span<const LoggedEvent> events, std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < events.size() && events[end].at_us == events[begin].at_us) ++end;
    return end;
}

std::size_t instantBegin(std::span<const LoggedEvent> events, std::size_t at) {
    while (at > 0 && events[at - 1].at_us == events[at].at_us) --at;
    return at;
}

// Whether the value of events[at], the first known one, is that of the first event by id as well.
bool isDecided(std::span<const LoggedEvent> events, std::size_t at,
               std::uint32_t LoggedEvent::* field) {
    if (at == 0 && !events[0].place_unknown) return true;
    const std::size_t begin = instantBegin(events, at);
    const auto instant = events.subspan(begin, instantEnd(events, at) - begin);
    const bool one_value = std::ranges::all_of(instant, [&](const LoggedEvent& event) {
        return event.*field == 0 || event.*field == events[at].*field;
    });
    return one_value || std::ranges::none_of(instant, &LoggedEvent::place_unknown);
}

}  // namespace

JourneyShape::JourneyShape(const Journey& journey)
    : stage_count(static_cast<std::uint8_t>(journey.stages.size())) {
    CHECK(journey.stages.size() <= kStagesMax, "the caller asks for no longer journey");
    const auto first = std::ranges::find(journey.stages, false, &Stage::optional);
    first_required = static_cast<std::uint8_t>(first - journey.stages.begin());
    std::uint8_t required = kNone;
    for (std::uint8_t i = 0; i < stage_count; ++i) {
        previous[i] = required;
        if (!journey.stages[i].optional) required = i;
    }
}

bool PersonFigures::isInsideWindow(std::int64_t now_us, const PersonQuestion& question,
                                   const JourneyShape& shape) const {
    if (!last_start_us || didInOrder(shape.last())) return false;
    return question.window_us == PersonQuestion().window_us ||
           now_us - *last_start_us <= question.window_us;
}

std::optional<std::int64_t> PersonFigures::secondsTo(std::size_t stage,
                                                     const JourneyShape& shape) const {
    const std::uint8_t before = shape.previous[stage];
    if (before == JourneyShape::kNone || !didInOrder(stage)) return std::nullopt;
    return (reached_us[stage] - reached_us[before]) / kMicrosPerSecond;
}

const PersonFigures& PersonCounter::count(std::span<const LoggedEvent> events,
                                          const PersonQuestion& question) {
    if (countInPeriod(events, question).in_scope) walkInOrder(events, question);
    return figures_;
}

const PersonFigures& PersonCounter::countInPeriod(std::span<const LoggedEvent> events,
                                                  const PersonQuestion& question) {
    figures_.in_scope = false;
    figures_.attributes_unknown = false;
    figures_.done = 0;
    figures_.in_order = 0;
    figures_.events = 0;
    figures_.last_start_us.reset();
    figures_.lines.clear();
    addEvents(events, question);
    figures_.in_scope =
        figures_.events > 0 && !(question.new_users && !question.contains(events.front().at_us));
    if (!figures_.in_scope) return figures_;
    figures_.city = attribute(events, question, &LoggedEvent::city);
    figures_.device = question.device ? attribute(events, question, &LoggedEvent::device) : 0;
    figures_.channel = question.channel ? attribute(events, question, &LoggedEvent::channel) : 0;
    return figures_;
}

void PersonCounter::addEvents(std::span<const LoggedEvent> events, const PersonQuestion& question) {
    for (const LoggedEvent& event : events) {
        if (!question.contains(event.at_us)) continue;
        if (++figures_.events == 1) figures_.first_us = event.at_us;
        if (event.stage == shape_.first_required) figures_.last_start_us = event.at_us;
        figures_.done |= std::uint32_t{1} << event.stage;
        if (event.stage == shape_.last()) figures_.lines.push_back(event.line);
    }
    if (figures_.lines.size() < 2) return;
    std::ranges::sort(figures_.lines);
    const auto repeated = std::ranges::unique(figures_.lines);
    figures_.lines.erase(repeated.begin(), repeated.end());
}

// Takes the events as they happened; those of one instant in the order of the stages.
const PersonFigures& PersonCounter::walkInOrder(std::span<const LoggedEvent> events,
                                                const PersonQuestion& question) {
    for (std::size_t begin = 0; begin < events.size();) {
        const std::size_t end = instantEnd(events, begin);
        if (end == begin + 1) {
            step(events[begin], question);
        } else {
            for (std::uint8_t stage = 0; stage < shape_.stage_count; ++stage)
                for (std::size_t i = begin; i < end; ++i)
                    if (events[i].stage == stage) step(events[i], question);
        }
        begin = end;
    }
    return figures_;
}

void PersonCounter::step(const LoggedEvent& event, const PersonQuestion& question) {
    const std::uint8_t before = shape_.previous[event.stage];
    std::int64_t start_us = event.at_us;
    if (before == JourneyShape::kNone) {
        if (!question.contains(event.at_us)) return;
    } else {
        if (!figures_.didInOrder(before)) return;
        start_us = start_us_[before];
        if (event.at_us - start_us > question.window_us) return;
    }
    if (!figures_.didInOrder(event.stage)) {
        figures_.in_order |= std::uint32_t{1} << event.stage;
        figures_.reached_us[event.stage] = event.at_us;
        start_us_[event.stage] = start_us;
    } else {
        start_us_[event.stage] = std::max(start_us_[event.stage], start_us);
    }
}

// The first known value in the period, else the first one at all.
std::uint32_t PersonCounter::attribute(std::span<const LoggedEvent> events,
                                       const PersonQuestion& question,
                                       std::uint32_t LoggedEvent::* field) {
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (events[i].*field == 0) continue;
        if (question.contains(events[i].at_us)) {
            first = i;
            break;
        }
        if (!first) first = i;
    }
    if (!first) return 0;
    figures_.attributes_unknown |= !isDecided(events, *first, field);
    return events[*first].*field;
}

}  // namespace footfall
