#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/city_cache.h"
#include "event/event_batch.h"
#include "event/event_json.h"
#include "event/property_merger.h"
#include "event/raw_event.h"
#include "support/random.h"

namespace footfall {

// Why an event was not taken; the words of RejectedEvent without its place.
struct Rejection {
    std::string_view code;
    std::string_view field;
    std::string message;
};

struct NormalizedEvent {
    EventView view;
    bool id_assigned = false;  // it came without event_id
    bool late = false;         // older than 30 days when received
};

// EventNormalizer: applies the rules of docs/event.md to one event after the other.
// Threads: one at a time.   Lifetime: one a parser, reused.
// Errors: the first rule that is broken, in the order of the checks in normalize().
// Cost: no allocation in the ordinary case.
class EventNormalizer {
  public:
    EventNormalizer(EventParserOptions options, std::uint64_t random_seed);

    // The answer is good as long as the views of `event` and until the next call. nullptr: the
    // event is not taken, and rejection() says why.
    const NormalizedEvent* normalize(const RawEvent& event, UtcTime received_at);
    const Rejection& rejection() const { return rejection_; }

  private:
    // Each sets its part of out_, or rejection_ and answers false.
    bool checkSize(const RawEvent& event);
    bool checkFaults(const RawEvent& event);
    bool setEventType(const RawEvent& event);
    bool setPerson(const RawEvent& event);
    bool setId(const RawEvent& event, UtcTime received_at);
    bool setTimestamp(const RawEvent& event, UtcTime received_at);
    bool setCity(const RawEvent& event);
    bool setTexts(const RawEvent& event);
    bool setCurrency(const RawEvent& event);
    bool setQuantity(const RawEvent& event);
    bool setAmount(const RawEvent& event);
    bool setProperties(const RawEvent& event);

    struct TextRule {
        EventField field;
        std::size_t bytes_max;
        bool integer_allowed = false;  // an integer is kept as its digits
    };
    // "" when absent.
    bool readText(const RawEvent& event, const TextRule& rule, std::string_view& text) {
        const JsonValue& value = event.field(rule.field).value;
        if (value.kind != JsonValue::Kind::kString || value.text.size() > rule.bytes_max)
            return readUnusualText(value, rule, text);
        text = value.text;
        return true;
    }
    // What is no string, or too long.
    bool readUnusualText(const JsonValue& value, const TextRule& rule, std::string_view& text);
    bool reject(std::string_view code, std::string_view field, std::string message);
    PayloadHash payloadHash(bool timestamp_assigned);

    const EventIdKey key_;
    const TimeZone zone_;
    Random random_;
    CityCache cities_;
    PropertyMerger properties_;
    std::string currency_;
    std::vector<std::byte> hash_input_;  // grows as needed

    NormalizedEvent out_;
    Rejection rejection_;
    PropertyMerger::Unread unread_;
    bool timestamp_assigned_ = false;
};

}  // namespace footfall
