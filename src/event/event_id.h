#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "support/clock.h"
#include "support/random.h"

namespace footfall {

// EventId: the 128 bits that make an event one event, wherever it is seen again.
// Threads: a value.   Order: that of its lower-case text.
struct EventId {
    std::uint64_t high = 0;  // the first 16 hex digits
    std::uint64_t low = 0;

    auto operator<=>(const EventId&) const = default;
    bool isNil() const { return high == 0 && low == 0; }
};

// 8-4-4-4-12 hex digits in any case; nullopt for every other text.
std::optional<EventId> parseUuid(std::string_view text);
// 36 characters, lower case.
std::string toString(EventId id);

// A fresh UUIDv7: the time in milliseconds, then 74 random bits. Source: RFC 9562, 5.7.
EventId makeUuidV7(UtcTime now, Random& random);

// EventIdKey: the secret of a data folder that turns an id which is no UUID into a UUIDv8 (RFC
// 9562, 5.8). Keyed, so that nobody outside can make two ids collide. Threads: const, any thread.
// Lifetime: kept in the data folder; the same for ever.
class EventIdKey {
  public:
    explicit EventIdKey(std::uint64_t seed);
    EventId idOf(std::string_view text) const;

  private:
    std::array<std::uint8_t, 192> secret_;  // XXH3's secret, drawn from the seed
};

struct EventIdHash {
    std::size_t operator()(EventId id) const { return mixBits(id.high ^ mixBits(id.low)); }
};

}  // namespace footfall
