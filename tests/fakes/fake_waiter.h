#pragma once

#include <vector>

#include "event_producer/waiter.h"
#include "tests/fakes/fake_clock.h"

namespace footfall {

// FakeWaiter: moves the fake clock instead of waiting.
// Threads: all members, any thread.   Lifetime: the clock outlives it.
class FakeWaiter final : public Waiter {
  public:
    explicit FakeWaiter(FakeClock& clock) : clock_(clock) {}

    void waitUntil(SteadyTime time, std::stop_token) override {
        const SteadyTime now = clock_.steadyNow();
        if (time > now) clock_.advance(time - now);
        const MutexLock lock(mutex_);
        waits_.push_back(time - now);
    }
    // How long each wait was meant to be, in order; below zero: the time had passed.
    std::vector<std::chrono::nanoseconds> waits() const {
        const MutexLock lock(mutex_);
        return waits_;
    }

  private:
    FakeClock& clock_;
    mutable Mutex mutex_;
    std::vector<std::chrono::nanoseconds> waits_ GUARDED_BY(mutex_);
};

}  // namespace footfall
