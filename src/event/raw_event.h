#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "event/event_field.h"
#include "event/event_json.h"
#include "event/json_reader.h"

namespace footfall {

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
    void clear() {
        raw = {};
        // What says that there is none; the rest of an absent field means nothing.
        for (JsonMember& field : fields) field.value.kind = JsonValue::Kind::kAbsent;
        unknown.clear();
        properties.clear();
        any_fault = false;
    }
};

// Reads the value of one member of an event, which began at `start`, into `event`.
[[nodiscard]] inline JsonReader::Error readEventMember(JsonReader& reader, const JsonKey& key,
                                                       int depth, const char* start,
                                                       RawEvent& event) {
    const EventField field = eventFieldOf(key.text);
    // Once the event is over its limit its members are only checked, so that a body of one huge
    // event costs no memory.
    const bool too_large = key.raw.data() > start + kEventBytesMax;
    const bool collect = field == EventField::kProperties && !too_large;
    if (collect) event.properties.clear();
    JsonMember& out = field != EventField::kUnknown ? event.fields[static_cast<std::size_t>(field)]
                      : too_large                   ? event.dropped
                                                    : event.unknown.emplace_back();
    out.key = key;
    const JsonReader::Error error =
        reader.read(depth, out.value, collect ? &event.properties : nullptr);
    if (out.fault() != TextFault::kNone) event.any_fault = true;
    return error;
}

}  // namespace footfall
