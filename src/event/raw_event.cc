#include "event/raw_event.h"

#include "event/event_json.h"
#include "support/check.h"

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

}  // namespace

EventField eventFieldOf(std::string_view name) {
    if (name.empty()) return EventField::kUnknown;
    const EventField field = kFieldBySlot[slotOf(name)];
    const bool same = field != EventField::kUnknown && nameOf(field) == name;
    return same ? field : EventField::kUnknown;
}

std::string_view nameOf(EventField field) {
    CHECK(field != EventField::kUnknown, "an unknown field has no name of ours");
    return kNames[static_cast<std::size_t>(field)];
}

void RawEvent::clear() {
    raw = {};
    // What says that there is none; the rest of an absent field means nothing.
    for (JsonMember& field : fields) {
        field.key_fault = field.value.fault = TextFault::kNone;
        field.value.kind = JsonValue::Kind::kAbsent;
    }
    unknown.clear();
    properties.clear();
}

JsonReader::Error readEventMember(JsonReader& reader, const JsonMember& member,
                                  simdjson::ondemand::value value, int depth, const char* start,
                                  RawEvent& event) {
    const EventField field = eventFieldOf(member.key);
    // Once the event is over its limit its members are only checked, so that a body of one huge
    // event costs no memory.
    const bool too_large = member.raw_key.data() > start + kEventBytesMax;
    const bool collect = field == EventField::kProperties && !too_large;
    if (collect) event.properties.clear();
    JsonMember dropped;
    JsonMember& out = field != EventField::kUnknown ? event.fields[static_cast<std::size_t>(field)]
                      : too_large                   ? dropped
                                                    : event.unknown.emplace_back();
    out.key = member.key;
    out.raw_key = member.raw_key;
    out.key_fault = member.key_fault;
    return reader.read(value, depth, out.value, collect ? &event.properties : nullptr);
}

}  // namespace footfall
