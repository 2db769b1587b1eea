#include "event/raw_event.h"

#include <algorithm>

#include "event/event_json.h"
#include "support/check.h"
#include "support/same_text.h"

namespace footfall {
namespace {

constexpr std::array<std::string_view, kEventFieldCount> kNames = {
    "event_id",  "user_id",  "anonymous_id", "event_type", "event",     "event_name", "stage",
    "timestamp", "city",     "session_id",   "device",     "channel",   "product_id", "category",
    "order_id",  "currency", "quantity",     "amount",     "properties"};

// A perfect hash of the names, found by trying; the compiler checks it below.
constexpr std::size_t kSlotCount = 64;
constexpr std::size_t slotOf(std::string_view name) {
    const auto middle = static_cast<unsigned char>(name[name.size() / 2]);
    const auto later = static_cast<unsigned char>(name[name.size() * 2 / 3]);
    return (name.size() + middle + later * std::size_t{4}) % kSlotCount;
}

constexpr std::array<EventField, kSlotCount> kFieldBySlot = [] {
    std::array<EventField, kSlotCount> slots{};
    slots.fill(EventField::kUnknown);
    for (std::size_t i = 0; i < kEventFieldCount; ++i)
        slots[slotOf(kNames[i])] = static_cast<EventField>(i);
    return slots;
}();

constexpr bool eachNameHasASlot() {
    for (std::size_t i = 0; i < kEventFieldCount; ++i)
        if (kFieldBySlot[slotOf(kNames[i])] != static_cast<EventField>(i)) return false;
    return true;
}
static_assert(eachNameHasASlot(), "two names share a slot: choose other factors in slotOf()");

constexpr std::size_t kShortestName = 4;
static_assert(std::ranges::all_of(kNames, [](std::string_view name) {
    return name.size() >= kShortestName;
}));

}  // namespace

EventField eventFieldOf(std::string_view name) {
    if (name.size() < kShortestName) return EventField::kUnknown;
    const EventField field = kFieldBySlot[slotOf(name)];
    if (field == EventField::kUnknown) return field;
    const std::string_view candidate = kNames[static_cast<std::size_t>(field)];
    return sameText(name, candidate) ? field : EventField::kUnknown;
}

std::string_view nameOf(EventField field) {
    CHECK(field != EventField::kUnknown, "an unknown field has no name of ours");
    return kNames[static_cast<std::size_t>(field)];
}

void RawEvent::clear() {
    raw = {};
    // What says that there is none; the rest of an absent field means nothing.
    for (JsonMember& field : fields) field.value.kind = JsonValue::Kind::kAbsent;
    unknown.clear();
    properties.clear();
    any_fault = false;
}

JsonReader::Error readEventMember(JsonReader& reader, const JsonKey& key, int depth,
                                  const char* start, RawEvent& event) {
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
