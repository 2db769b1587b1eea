#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "support/clock.h"

namespace footfall {

// Waiter: lets time pass on a thread that may be told to stop; a seam, so that tests need not wait.
// Threads: all members, any thread.
class Waiter {
  public:
    virtual ~Waiter() = default;
    // Returns at `time` by Clock::steadyNow(), or as soon as a stop is requested.
    virtual void waitUntil(SteadyTime time, std::stop_token stop) = 0;
};

class SystemWaiter final : public Waiter {
  public:
    void waitUntil(SteadyTime time, std::stop_token stop) override {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any().wait_until(lock, stop, time, [] { return false; });
    }
};

}  // namespace footfall
