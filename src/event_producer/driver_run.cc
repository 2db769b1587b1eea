#include "event_producer/driver_run.h"

#include <string_view>

#include "support/check.h"
#include "support/random.h"

namespace footfall {
namespace {

std::string tagOf(std::uint64_t key) {
    constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string tag;
    for (int at = 0; at < 8; ++at, key /= kDigits.size()) tag += kDigits[key % kDigits.size()];
    return tag;
}

}  // namespace

DriverRun::DriverRun(const BehaviourModel& model, std::uint64_t seed, UtcTime start)
    : seed_(seed),
      key_(mixBits(seed ^ mixBits(static_cast<std::uint64_t>(microsSinceEpoch(start))))),
      tag_(tagOf(key_)) {
    const UtcTime local = start + model.utc_offset;
    first_midnight_ = std::chrono::ceil<std::chrono::days>(local) - model.utc_offset;
}

EventId DriverRun::eventId(std::uint64_t shopper, std::size_t event_index) const {
    constexpr std::uint64_t kVersionMask = 0xf000, kVersion8 = 0x8000;
    constexpr std::uint64_t kVariantShift = 62, kVariant = 2;
    CHECK(event_index <= UINT16_MAX, "a shopper has few events");
    const std::uint64_t place = shopper << 16 | event_index;
    const std::uint64_t high = mixBits(place ^ key_);
    const std::uint64_t low = mixBits(place + mixBits(key_));
    return {.high = (high & ~kVersionMask) | kVersion8,
            .low = (low & ~(3ULL << kVariantShift)) | kVariant << kVariantShift};
}

}  // namespace footfall
