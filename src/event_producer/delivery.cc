#include "event_producer/delivery.h"

#include <algorithm>

#include "support/random.h"

namespace footfall {
namespace {

// Keeps these draws apart from those that make the events.
constexpr std::uint64_t kDeliverySalt = 0x64656c6976657279;
constexpr std::uint32_t kDelayMax = 3;  // places

struct Sending {
    std::uint32_t place;
    std::uint32_t event_index;
};

void count(Delivery& out, std::uint32_t event_count) {
    std::vector<bool> sent(event_count);
    std::uint32_t latest = 0;
    for (const std::uint32_t event : out.event_indexes) {
        if (sent[event]) {
            ++out.duplicate_count;
        } else if (event < latest) {
            ++out.out_of_order_count;
        }
        sent[event] = true;
        latest = std::max(latest, event);
    }
}

}  // namespace

void planDelivery(const DeliveryOptions& options, std::uint64_t seed, std::uint64_t shopper,
                  std::uint32_t event_count, Delivery& out) {
    Random random = Random::of(seed ^ kDeliverySalt, shopper);
    const auto delay = [&random] { return 1 + std::uint32_t(random.below(kDelayMax)); };
    std::vector<Sending> sendings;
    sendings.reserve(event_count + 1);
    for (std::uint32_t event = 0; event < event_count; ++event) {
        const bool delayed = random.chance(options.out_of_order);
        sendings.push_back({.place = event + (delayed ? delay() : 0), .event_index = event});
        if (random.chance(options.duplicates))
            sendings.push_back({.place = event + delay(), .event_index = event});
    }
    // Descending at one place, so that a delayed event comes behind the one that it waited for.
    std::ranges::sort(sendings, [](const Sending& a, const Sending& b) {
        return a.place != b.place ? a.place < b.place : a.event_index > b.event_index;
    });
    out = {.event_indexes = std::move(out.event_indexes)};
    out.event_indexes.clear();
    for (const Sending& sending : sendings) out.event_indexes.push_back(sending.event_index);
    count(out, event_count);
}

}  // namespace footfall
