#pragma once

#include <cstdint>
#include <vector>

namespace footfall {

struct DeliveryOptions {
    double duplicates = 0.01;    // chance that an event is sent a second time
    double out_of_order = 0.02;  // chance that an event is sent after later ones
};

// The order in which a shopper's device sends its events: an entry an event sent.
struct Delivery {
    std::vector<std::uint32_t> event_indexes;
    std::uint32_t duplicate_count = 0;     // entries that were sent before
    std::uint32_t out_of_order_count = 0;  // first sendings behind a later event
};

// A pure function of the seed and the shopper, like the events. `out` is overwritten; its memory is
// used again.
void planDelivery(const DeliveryOptions& options, std::uint64_t seed, std::uint64_t shopper,
                  std::uint32_t event_count, Delivery& out);

}  // namespace footfall
