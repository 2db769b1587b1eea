#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "event/event_batch.h"
#include "event/event_id.h"

namespace footfall {

// What an event of the last stage sells. Two of one person are the same line of the same order when
// all of it is equal.
struct OrderLine {
    std::uint64_t order = 0;  // keyed hash of the order id, or of the event id where there is none
    std::int64_t amount_ten_thousandths = EventBatch::kNoAmount;
    std::uint32_t product = 0;  // the database's codes; 0: absent
    std::uint32_t currency = 0;
    auto operator<=>(const OrderLine&) const = default;
};

// One event of a journey as the index keeps it.
struct LoggedEvent {
    std::int64_t at_us = 0;
    std::uint32_t city = 0;  // the database's codes; 0: not known
    std::uint32_t device = 0;
    std::uint32_t channel = 0;
    std::uint8_t stage = 0;  // from 0
    // Its place among the events of the same instant is not known, and matters: they have other
    // attributes.
    bool place_unknown = false;
    OrderLine line;  // of the last stage's events alone

    bool operator==(const LoggedEvent&) const = default;
};

// PersonLog: the journey events of one person in the order (time, event id), as far as it is known.
// Ids are not kept, but for the first byte of the first event's: that orders a second one of the
// same instant in 255 of 256 cases.
// Threads: one at a time.   Time: adding costs as much as there are events.
class PersonLog {
  public:
    struct Arrival {
        LoggedEvent event;
        EventId id;
    };

    std::span<const LoggedEvent> events() const { return events_; }
    bool empty() const { return events_.empty(); }
    void clear() { events_.clear(); }
    // Puts events among those that are there, wherever they belong. Sorts `arrivals`.
    void add(std::span<Arrival> arrivals);

    // The compact form, in `room`, which grows as needed: some 5 bytes an event, and 12 more with
    // an order line. `stage_count` is that of the journey, for both the same.
    std::span<const std::byte> encode(std::size_t stage_count, std::vector<std::byte>& room) const;
    // Replaces what is in it. REQUIRES: `bytes` came from encode().
    void decode(std::size_t stage_count, std::span<const std::byte> bytes);

  private:
    void insert(const Arrival& arrival);
    void insertAt(std::size_t place, const Arrival& arrival, bool place_unknown);
    void insertAmong(std::size_t begin, std::size_t end, const Arrival& arrival);

    std::vector<LoggedEvent> events_;
    std::uint8_t first_id_byte_ = 0;
    std::vector<bool> is_new_;  // while adding: which of the events came with this call
};

}  // namespace footfall
