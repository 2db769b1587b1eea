#pragma once

#include <cstdint>
#include <vector>

#include "journey_index/person_log.h"
#include "support/random.h"

namespace footfall {

// Events of a person as they arrive, in no order: within the 1,000 s from `from_us` on, in whole
// ms, or within 1 s in µs; of any stage of so many.
inline std::vector<PersonLog::Arrival> randomArrivals(Random& random, std::size_t count,
                                                      std::int64_t from_us, bool in_micros,
                                                      std::size_t stages) {
    std::vector<PersonLog::Arrival> arrivals(count);
    for (auto& [event, id] : arrivals) {
        event = {.at_us = from_us + static_cast<std::int64_t>(random.below(1'000'000)) *
                                        (in_micros ? 1 : 1'000),
                 .city = static_cast<std::uint32_t>(random.below(3) * 5'000),
                 .device = static_cast<std::uint32_t>(random.below(4)),
                 .channel = static_cast<std::uint32_t>(random.below(2) * 100'000),
                 .stage = static_cast<std::uint8_t>(random.below(stages)),
                 .line = {}};
        if (event.stage == stages - 1)
            event.line = {
                .order = random.next(),
                .amount_ten_thousandths =
                    static_cast<std::int64_t>(random.below(3)) * 5'000'000'000'000'000 - 1,
                .product = static_cast<std::uint32_t>(random.below(20'000)),
                .currency = static_cast<std::uint32_t>(random.below(3))};
        id = {.high = random.next(), .low = random.next()};
    }
    return arrivals;
}

}  // namespace footfall
