#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "support/check.h"

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
constexpr std::array<std::string_view, kEventFieldCount> kEventFieldNames = {
    "event_id",  "user_id",  "anonymous_id", "event_type", "event",     "event_name", "stage",
    "timestamp", "city",     "session_id",   "device",     "channel",   "product_id", "category",
    "order_id",  "currency", "quantity",     "amount",     "properties"};

// Where the event type is read from: the first of these that is there.
constexpr std::array<EventField, 4> kEventTypeNames = {EventField::kEventType, EventField::kEvent,
                                                       EventField::kEventName, EventField::kStage};

// EventFieldSlots: finds a field by its name: a perfect hash, with the first factor that gives each
// name a slot of its own; the compiler looks for it. Names are compared as two numbers each, their
// first and their last bytes, which may overlap.
class EventFieldSlots {
  public:
    constexpr EventFieldSlots() {
        while (!fill()) factor_ += 2;
    }
    constexpr EventField find(std::string_view name) const {
        if (name.size() < kShortest || name.size() > kLongest) return EventField::kUnknown;
        const Ends ends = endsOf(name);
        const Slot& slot = slots_[slotOf(ends)];
        const bool same = slot.size == name.size() && slot.ends == ends;
        return same ? slot.field : EventField::kUnknown;
    }

  private:
    static constexpr std::size_t kShortest = 4;
    static constexpr std::size_t kLongest = 16;
    static_assert(std::ranges::all_of(kEventFieldNames, [](std::string_view name) {
        return name.size() >= kShortest && name.size() <= kLongest;
    }));
    static constexpr unsigned kSlotBits = 6;

    struct Ends {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        constexpr bool operator==(const Ends& other) const {
            return ((first ^ other.first) | (last ^ other.last)) == 0;
        }
    };
    struct Slot {
        Ends ends;
        std::uint8_t size = 0;
        EventField field = EventField::kUnknown;
    };

    template <class Number>
    static constexpr Number numberAt(std::string_view name, std::size_t at) {
        static_assert(std::endian::native == std::endian::little);
        Number number = 0;
        if consteval {
            for (std::size_t i = sizeof number; i-- > 0;)
                number = number << 8 | static_cast<unsigned char>(name[at + i]);
        } else {
            std::memcpy(&number, &name[at], sizeof number);
        }
        return number;
    }
    template <class Number>
    static constexpr Ends endsAs(std::string_view name) {
        return {.first = numberAt<Number>(name, 0),
                .last = numberAt<Number>(name, name.size() - sizeof(Number))};
    }
    static constexpr Ends endsOf(std::string_view name) {
        return name.size() >= sizeof(std::uint64_t) ? endsAs<std::uint64_t>(name)
                                                    : endsAs<std::uint32_t>(name);
    }
    constexpr std::size_t slotOf(Ends ends) const {
        return (ends.first ^ std::rotl(ends.last, 17)) * factor_ >> (64 - kSlotBits);
    }
    constexpr bool fill() {
        slots_.fill({});
        for (std::size_t i = 0; i < kEventFieldCount; ++i) {
            const std::string_view name = kEventFieldNames[i];
            Slot& slot = slots_[slotOf(endsOf(name))];
            if (slot.field != EventField::kUnknown) return false;
            slot = {.ends = endsOf(name),
                    .size = static_cast<std::uint8_t>(name.size()),
                    .field = static_cast<EventField>(i)};
        }
        return true;
    }

    std::uint64_t factor_ = 0x9e3779b185ebca87;
    std::array<Slot, 1U << kSlotBits> slots_{};
};

inline EventField eventFieldOf(std::string_view name) {
    static constexpr EventFieldSlots kSlots;
    return kSlots.find(name);
}

// REQUIRES: not kUnknown.
inline std::string_view nameOf(EventField field) {
    CHECK(field != EventField::kUnknown, "an unknown field has no name of ours");
    return kEventFieldNames[static_cast<std::size_t>(field)];
}

}  // namespace footfall
