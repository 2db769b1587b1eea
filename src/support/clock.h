#pragma once

#include <chrono>
#include <cstdint>

namespace footfall {

using Micros = std::chrono::microseconds;
// An instant in UTC with the resolution that events are stored in.
using UtcTime = std::chrono::time_point<std::chrono::system_clock, Micros>;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::int64_t microsSinceEpoch(UtcTime time) {
    return time.time_since_epoch().count();
}
constexpr UtcTime utcFromMicros(std::int64_t micros) {
    return UtcTime(Micros(micros));
}

// Clock: the only way to ask for the time, so that tests and simulations own it.
// Threads: all members, any thread.
// Use: steadyNow() for durations and deadlines, utcNow() for event times only.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual UtcTime utcNow() const = 0;
    virtual SteadyTime steadyNow() const = 0;
};

class SystemClock final : public Clock {
  public:
    UtcTime utcNow() const override {
        return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
    }
    SteadyTime steadyNow() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace footfall
