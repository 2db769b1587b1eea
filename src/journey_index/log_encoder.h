#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "journey_index/log_decoder.h"

namespace footfall {

// LogEncoder: writes the compact form of a log, which log_decoder.h describes, one piece after the
// other.
// Threads: one at a time.
class LogEncoder {
  public:
    // Into `room`, which grows to hold so many bytes and events besides, and what may be read
    // behind a log. `in_micros`: times are; else all are whole ms.
    LogEncoder(std::size_t stage_count, bool in_micros, std::size_t bytes, std::size_t events,
               std::vector<std::byte>& room);

    static bool isInMicros(const LoggedEvent& event) {
        return static_cast<std::uint64_t>(event.at_us) % log_form::kMicrosPerMilli != 0;
    }
    void header(bool first_place_unknown, std::uint8_t first_id_byte);
    // `before`: the event before it; none of a log's first.
    void event(const LoggedEvent& event, const LoggedEvent* before);
    // As they were written before.
    void encoded(std::span<const std::byte> bytes);
    // Good until the room is used again.
    std::span<const std::byte> written() const { return {begin_, at_}; }

  private:
    void byte(unsigned value) { *at_++ = static_cast<std::byte>(value); }
    void varint(std::uint64_t value);
    void line(const OrderLine& line);

    const log_form::KeyLayout layout_;
    const std::uint8_t last_stage_;
    const bool in_micros_;
    const std::byte* const begin_;
    std::byte* at_;
};

}  // namespace footfall
