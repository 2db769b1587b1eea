#pragma once

#include <cstdint>
#include <vector>

#include "event_producer/behaviour.h"

namespace footfall {

// One thing that a shopper did. Indexes point into the behaviour model.
struct ShopperEvent {
    static constexpr std::uint16_t kNoCity = UINT16_MAX;
    static constexpr std::uint32_t kNoProduct = UINT32_MAX;
    static constexpr std::int64_t kNoAmount = -1;

    Micros offset{};  // from DriverRun::firstMidnight()
    std::int64_t amount_ten_thousandths = kNoAmount;
    std::uint32_t product = kNoProduct;
    std::uint16_t city = kNoCity;       // where the event says it was; kNoCity: nowhere, or unknown
    std::uint16_t city_text = kNoCity;  // the text that says so; kNoCity: the field is absent
    std::uint16_t order = 0;            // the shopper's orders, from 1; 0: none
    std::uint16_t quantity = 0;         // 0: absent
    std::uint16_t visit = 0;
    std::uint16_t detail = 0;  // number of the banner or of the list's page
    std::uint8_t channel = 0;
    Act act = Act::kAccessApp;
};

struct Shopper {
    std::uint64_t index = 0;
    bool guest = false;  // known by anonymous_id only
    std::uint8_t device = 0;
    std::vector<ShopperEvent> events;  // in the order of time
};

// Plays shopper number `index`: a pure function of the model, the seed and the index, so threads
// can share out the shoppers in any way. `out` is overwritten; its memory is used again. Cost:
// about 0.2 µs an event.
void playShopper(const BehaviourModel& model, std::uint64_t seed, std::uint64_t index,
                 Shopper& out);

}  // namespace footfall
