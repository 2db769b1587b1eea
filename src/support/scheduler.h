#pragma once

#include <chrono>
#include <functional>

namespace footfall {

// Scheduler: runs a task later without holding a thread meanwhile. The real one is a timer on the
// HTTP reactors (support/http), the fake one (tests/fakes) runs when the fake clock is moved.
// Threads: any thread may call; the task runs on a thread of the scheduler's own.
class Scheduler {
  public:
    virtual ~Scheduler() = default;
    virtual void runAfter(std::chrono::nanoseconds delay, std::function<void()> task) = 0;
};

}  // namespace footfall
