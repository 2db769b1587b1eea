#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "event/json_reader.h"

namespace footfall {

// The fields of an event that have a meaning, by their names in JSON.
enum class EventField : std::uint8_t {
    kEventId,
    kUserId,
    kAnonymousId,
    kEventType,
    kEvent,
    kEventName,
    kStage,
    kTimestamp,
    kCity,
    kSessionId,
    kDevice,
    kChannel,
    kProductId,
    kCategory,
    kOrderId,
    kCurrency,
    kQuantity,
    kAmount,
    kProperties,
    kUnknown,  // any other name
};
constexpr std::size_t kEventFieldCount = 19;

// Where the event type is read from: the first of these that is there.
constexpr std::array<EventField, 4> kEventTypeNames = {EventField::kEventType, EventField::kEvent,
                                                       EventField::kEventName, EventField::kStage};

EventField eventFieldOf(std::string_view name);
std::string_view nameOf(EventField field);  // REQUIRES: not kUnknown

// One event as it was sent: well-formed, not yet judged. Of a repeated field the last value stands.
// Reused for many events; of an absent field only isAbsent() means anything. Views point where
// those of JsonValue do.
struct RawEvent {
    std::string_view raw;  // all of it, as sent
    std::array<JsonMember, kEventFieldCount> fields;
    std::vector<JsonMember> unknown;     // other fields, in order, repeated ones too
    std::vector<JsonMember> properties;  // the members of `properties`, likewise
    bool any_fault = false;              // of a field, one that was repeated included
    JsonMember dropped;                  // where the members beyond the limit of an event go

    const JsonMember& field(EventField name) const {
        return fields[static_cast<std::size_t>(name)];
    }
    void clear();
};

// Reads the value of one member of an event, which began at `start`, into `event`.
[[nodiscard]] JsonReader::Error readEventMember(JsonReader& reader, const JsonKey& key, int depth,
                                                const char* start, RawEvent& event);

}  // namespace footfall
