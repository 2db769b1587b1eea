#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "event/event_id.h"
#include "journey_index/log_decoder.h"

namespace footfall {

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
    // Puts events among those that are there, wherever they belong. Sorts `arrivals`.
    void add(std::span<Arrival> arrivals);

    // The compact form, in `room`, which grows as needed: some 5 bytes an event, and 12 more with
    // an order line, with LogDecoder::kBehindBytes behind it. `stage_count` is that of the journey.
    std::span<const std::byte> encode(std::size_t stage_count, std::vector<std::byte>& room) const;
    // Replaces what is in it by all events.
    void decode(LogDecoder encoded);

    // In the order in which add() takes them.
    static void sort(std::span<Arrival> arrivals);

  private:
    void insert(const Arrival& arrival);
    void insertAt(std::size_t place, const Arrival& arrival, bool place_unknown);
    void insertAmong(std::size_t begin, std::size_t end, const Arrival& arrival);

    std::vector<LoggedEvent> events_;
    std::uint8_t first_id_byte_ = 0;
    std::vector<bool> is_new_;  // while adding: which of the events came with this call
};

}  // namespace footfall
