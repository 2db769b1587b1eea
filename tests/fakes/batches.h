#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "event/event_batch.h"

namespace footfall {

// The id that tests call by a small number.
inline EventId testId(std::uint64_t number) {
    return {.high = 0x0190'0000'0000'7000, .low = number};
}

// A small valid event; `payload_hash` other than 0 makes it a different event under the same id.
inline EventView testEvent(EventId id, std::string_view event_type = "access_app",
                           PayloadHash payload_hash = 0) {
    EventView event{
        .id = id, .timestamp_us = 1'772'323'200'000'000, .payload_hash = payload_hash, .texts = {}};
    event.text(TextField::kUserId) = "u1";
    event.text(TextField::kEventType) = event_type;
    event.text(TextField::kCity) = "Bengaluru";
    return event;
}

inline EventBatch batchOf(const std::vector<EventView>& events) {
    EventBatchBuilder builder;
    builder.batch().received_at = utcFromMicros(1'772'323'200'000'000);
    for (const EventView& event : events) builder.append(event);
    return builder.take();
}

// The events first, first + 1, … of `count`.
inline EventBatch batchOf(std::uint64_t first, std::size_t count) {
    EventBatchBuilder builder;
    builder.batch().received_at = utcFromMicros(1'772'323'200'000'000);
    for (std::uint64_t i = 0; i < count; ++i) builder.append(testEvent(testId(first + i)));
    return builder.take();
}

}  // namespace footfall
