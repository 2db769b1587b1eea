#include "journey_index/person_figures.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "support/check.h"

namespace footfall {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

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

const PersonFigures& PersonCounter::count(std::span<const LoggedEvent> events) {
    begin();
    seeAll(events, std::identity());
    return end();
}

void PersonCounter::begin() {
    figures_.in_scope = false;
    figures_.attributes_unknown = false;
    figures_.city = 0;
    figures_.device = 0;
    figures_.channel = 0;
    figures_.done = 0;
    figures_.in_order = 0;
    figures_.events = 0;
    figures_.last_start_us.reset();
    figures_.lines.clear();
    city_ = {};
    device_ = {};
    channel_ = {};
    first_us_.reset();
    instant_.clear();
}

void PersonCounter::beginAs(const PersonCounter& other) {
    figures_.in_scope = false;
    figures_.attributes_unknown = false;
    figures_.done = other.figures_.done;
    figures_.in_order = other.figures_.in_order;
    figures_.events = other.figures_.events;
    figures_.first_us = other.figures_.first_us;
    figures_.last_start_us.reset();
    figures_.lines.assign(other.figures_.lines.begin(), other.figures_.lines.end());
    city_ = other.city_;
    device_ = other.device_;
    channel_ = other.channel_;
    first_us_ = other.first_us_;
    instant_.assign(other.instant_.begin(), other.instant_.end());
    for (std::size_t stage = 0; stage < shape_.stage_count; ++stage) {
        figures_.reached_us[stage] = other.figures_.reached_us[stage];
        last_us_[stage] = other.last_us_[stage];
        start_us_[stage] = other.start_us_[stage];
    }
}

void PersonCounter::seeOneOfMany(LoggedEvent event, bool ends_instant) {
    instant_.push_back(event);
    if (!ends_instant) return;
    take(instant_);
    instant_.clear();
}

void PersonCounter::take(Instant instant) {
    const std::int64_t at_us = instant.front().at_us;
    const bool in_period = question_.contains(at_us);
    if (in_period)
        for (const LoggedEvent& event : instant) addEvent(event);
    addAttribute(city_, &LoggedEvent::city, instant, in_period);
    if (question_.device) addAttribute(device_, &LoggedEvent::device, instant, in_period);
    if (question_.channel) addAttribute(channel_, &LoggedEvent::channel, instant, in_period);
    // In the order of their stages.
    for (std::uint8_t stage = 0; stage < shape_.stage_count; ++stage)
        for (const LoggedEvent& event : instant)
            if (event.stage == stage) walk(event, in_period);
    if (!first_us_) first_us_ = at_us;
}

void PersonCounter::addAttribute(Attribute& attribute, std::uint32_t LoggedEvent::* field,
                                 Instant instant, bool in_period) const {
    if (!attribute.isOpen(in_period)) return;
    const auto first =
        std::ranges::find_if(instant, [&](const LoggedEvent& event) { return event.*field != 0; });
    if (first == instant.end()) return;
    attribute = {.value = (*first).*field,
                 .in_period = in_period,
                 .is_decided = isDecided(*first, field, instant)};
}

// Whether the value of `first`, the first known one, is that of the first event by id as well.
bool PersonCounter::isDecided(const LoggedEvent& first, std::uint32_t LoggedEvent::* field,
                              Instant instant) const {
    if (!first_us_ && &first == instant.data() && !first.place_unknown) return true;
    const bool one_value = std::ranges::all_of(instant, [&](const LoggedEvent& event) {
        return event.*field == 0 || event.*field == first.*field;
    });
    return one_value || std::ranges::none_of(instant, &LoggedEvent::place_unknown);
}

const PersonFigures& PersonCounter::end() {
    if (figures_.events == 0 || (question_.new_users && !question_.contains(*first_us_)))
        return figures_;
    figures_.in_scope = true;
    if (figures_.did(shape_.first_required))
        figures_.last_start_us = last_us_[shape_.first_required];
    figures_.city = city_.value;
    figures_.device = device_.value;
    figures_.channel = channel_.value;
    figures_.attributes_unknown = !city_.is_decided || !device_.is_decided || !channel_.is_decided;
    if (figures_.lines.size() < 2) return figures_;
    std::ranges::sort(figures_.lines);
    const auto repeated = std::ranges::unique(figures_.lines);
    figures_.lines.erase(repeated.begin(), repeated.end());
    return figures_;
}

}  // namespace footfall
