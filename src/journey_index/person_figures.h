#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include <absl/base/attributes.h>

#include "event/journey.h"
#include "journey_index/person_log.h"
#include "support/clock.h"

namespace footfall {

// A journey as far as counting goes.
struct JourneyShape {
    // A set of stages is one 32-bit number.
    static constexpr std::size_t kStagesMax = 32;
    static constexpr std::uint8_t kNone = kStagesMax;

    std::uint8_t stage_count = 0;
    std::uint8_t first_required = 0;
    // Of each stage the required one before it; kNone: there is none.
    std::array<std::uint8_t, kStagesMax> previous{};

    // REQUIRES: no more than kStagesMax stages.
    explicit JourneyShape(const Journey& journey);
    std::uint8_t last() const { return static_cast<std::uint8_t>(stage_count - 1); }
};

// Which events are in the period, and how long a journey may take.
struct PersonQuestion {
    std::int64_t from_us = std::numeric_limits<std::int64_t>::min();
    std::int64_t to_us = std::numeric_limits<std::int64_t>::max();  // exclusive
    bool new_users = false;
    std::int64_t window_us = std::numeric_limits<std::int64_t>::max();
    // Whether the device and the channel are asked for; the city always is.
    bool device = false;
    bool channel = false;

    bool operator==(const PersonQuestion&) const = default;
    bool contains(std::int64_t at_us) const { return at_us >= from_us && at_us < to_us; }
};

// What one person adds to the reports. docs/reports.md says what each figure means.
struct PersonFigures {
    bool in_scope = false;  // by the period and new_users; all else is nothing when it is false
    // An attribute depends on the order of events of one instant, and that is not known.
    bool attributes_unknown = false;
    std::uint32_t city = 0;    // the database's codes; 0: unknown
    std::uint32_t device = 0;  // nor known when it was not asked for
    std::uint32_t channel = 0;
    std::uint32_t done = 0;      // the stages of events in the period, one bit each
    std::uint32_t in_order = 0;  // the stages done in order, one bit each
    std::uint64_t events = 0;    // in the period
    std::int64_t first_us = 0;   // the earliest of them
    // The latest event of the first required stage among them; nullopt: there is none.
    std::optional<std::int64_t> last_start_us;
    std::array<std::int64_t, JourneyShape::kStagesMax> reached_us{};  // of the stages in order
    std::vector<OrderLine> lines;  // of orders in the period, distinct, by order

    bool did(std::size_t stage) const { return (done >> stage & 1) != 0; }
    bool didInOrder(std::size_t stage) const { return (in_order >> stage & 1) != 0; }
    // Whether the last stage can still be reached in order, at `now_us`.
    bool isInsideWindow(std::int64_t now_us, const PersonQuestion& question,
                        const JourneyShape& shape) const;
    // Whole seconds since the required stage before; nullopt: not in order, or there is none.
    std::optional<std::int64_t> secondsTo(std::size_t stage, const JourneyShape& shape) const;
};

// PersonCounter: computes one person after the other for one question, with no memory of its own to
// give back between them. A person's events are seen once, as they come out of a log.
// Threads: one at a time.
class PersonCounter {
  public:
    // An attribute as far as it is known: the first known value in the period, else the first one.
    struct Attribute {
        std::uint32_t value = 0;
        bool in_period = false;
        bool is_decided = true;  // false: another event of its instant may be the first
        // Whether a value that comes now counts.
        bool isOpen(bool to_period) const { return to_period ? !in_period : value == 0; }
        // Whether it is another one than `wanted`, whatever comes.
        bool rulesOut(std::optional<std::uint32_t> wanted) const {
            return wanted && in_period && is_decided && value != *wanted;
        }
    };

    PersonCounter(const JourneyShape& shape, const PersonQuestion& question)
        : shape_(shape), question_(question) {}

    // For each person begin(), see() for each event in the order that PersonLog has them, end().
    // The result is that of figures(), until the next begin().
    void begin();
    // Instead of begin(): goes on where another one of the same question stands, between its
    // begin() and end().
    void beginAs(const PersonCounter& other);
    // `ends_instant`: the next event, if any, is of a later one.
    ABSL_ATTRIBUTE_ALWAYS_INLINE void see(const LoggedEvent& event, bool ends_instant) {
        if (instant_.empty() && ends_instant) [[likely]]
            takeOnly(event);
        else
            seeOneOfMany(event, ends_instant);
    }
    // Whole instants, of which `event` gives the events; a projection.
    template <class Items, class Event>
    void seeAll(const Items& items, const Event& event) {
        for (std::size_t i = 0; i < items.size(); ++i)
            see(std::invoke(event, items[i]),
                i + 1 == items.size() ||
                    std::invoke(event, items[i + 1]).at_us != std::invoke(event, items[i]).at_us);
    }
    const PersonFigures& end();
    const PersonFigures& count(std::span<const LoggedEvent> events);
    const PersonFigures& figures() const { return figures_; }

    // Between begin() and end(), for who does not want everybody. The last two are known only when
    // the question asks for them.
    const Attribute& city() const { return city_; }
    const Attribute& device() const { return device_; }
    const Attribute& channel() const { return channel_; }

  private:
    using Instant = std::span<const LoggedEvent>;
    // The usual instant, which has one event.
    ABSL_ATTRIBUTE_ALWAYS_INLINE void takeOnly(const LoggedEvent& event);
    // By value, so that an event does not have to be in memory for the usual way.
    void seeOneOfMany(LoggedEvent event, bool ends_instant);
    void take(Instant instant);
    ABSL_ATTRIBUTE_ALWAYS_INLINE void addEvent(const LoggedEvent& event);
    void addAttribute(Attribute& attribute, std::uint32_t LoggedEvent::* field, Instant instant,
                      bool in_period) const;
    bool isDecided(const LoggedEvent& first, std::uint32_t LoggedEvent::* field,
                   Instant instant) const;
    ABSL_ATTRIBUTE_ALWAYS_INLINE void walk(const LoggedEvent& event, bool in_period);
    // Without a branch: a person's next stage is what nobody can guess.
    static std::int64_t choose(bool condition, std::int64_t then, std::int64_t otherwise) {
        return otherwise ^ ((then ^ otherwise) & -static_cast<std::int64_t>(condition));
    }

    JourneyShape shape_;
    PersonQuestion question_;
    PersonFigures figures_;
    Attribute city_;
    Attribute device_;
    Attribute channel_;
    std::optional<std::int64_t> first_us_;  // of the instants before, in the period or not
    std::vector<LoggedEvent> instant_;      // until its last event is seen
    std::array<std::int64_t, JourneyShape::kStagesMax> last_us_{};  // of each stage in the period
    // The latest start of a chain through each stage in order, as far as the walk has come; of
    // kNone, the event that is walked.
    std::array<std::int64_t, JourneyShape::kStagesMax + 1> start_us_{};
};

inline void PersonCounter::takeOnly(const LoggedEvent& event) {
    const bool in_period = question_.contains(event.at_us);
    if (in_period) addEvent(event);
    const auto note = [in_period](Attribute& attribute, std::uint32_t value) {
        if (value != 0 && attribute.isOpen(in_period))
            attribute = {.value = value, .in_period = in_period};
    };
    note(city_, event.city);
    if (question_.device) note(device_, event.device);
    if (question_.channel) note(channel_, event.channel);
    walk(event, in_period);
    if (!first_us_) first_us_ = event.at_us;
}

inline void PersonCounter::addEvent(const LoggedEvent& event) {
    if (++figures_.events == 1) figures_.first_us = event.at_us;
    last_us_[event.stage] = event.at_us;
    figures_.done |= std::uint32_t{1} << event.stage;
    if (event.stage == shape_.last()) figures_.lines.push_back(OrderLine(event.line));
}

inline void PersonCounter::walk(const LoggedEvent& event, bool in_period) {
    const std::uint8_t stage = event.stage;
    const std::uint8_t before = shape_.previous[stage];
    // A journey that begins comes from the event itself.
    start_us_[JourneyShape::kNone] = event.at_us;
    const std::uint64_t reached = figures_.in_order | std::uint64_t{in_period}
                                                          << JourneyShape::kNone;
    const std::int64_t start_us = start_us_[before];
    const bool is_near = event.at_us - start_us <= question_.window_us;
    const bool counts = ((reached >> before & 1) & std::uint64_t{is_near}) != 0;
    const bool is_first = counts && !figures_.didInOrder(stage);
    std::int64_t& latest_us = start_us_[stage];
    std::int64_t& reached_us = figures_.reached_us[stage];
    reached_us = choose(is_first, event.at_us, reached_us);
    latest_us =
        choose(counts, std::max(start_us, choose(is_first, start_us, latest_us)), latest_us);
    figures_.in_order |= std::uint32_t{counts} << stage;
}

}  // namespace footfall
