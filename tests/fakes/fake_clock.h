#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <vector>

#include "support/clock.h"
#include "support/mutex.h"
#include "support/scheduler.h"

namespace footfall {

// FakeClock: time that moves when the test says so, and the timers on it.
// Threads: any; tasks run on the thread that calls advance().
class FakeClock final : public Clock, public Scheduler {
  public:
    UtcTime utcNow() const override {
        const MutexLock lock(mutex_);
        return utc_ + std::chrono::duration_cast<Micros>(now_.time_since_epoch());
    }
    SteadyTime steadyNow() const override {
        const MutexLock lock(mutex_);
        return now_;
    }
    void runAfter(std::chrono::nanoseconds delay, std::function<void()> task) override {
        const MutexLock lock(mutex_);
        delays_.push_back(delay);
        tasks_.emplace(now_ + delay, std::move(task));
    }

    // Moves the time, running what falls due on the way in its order.
    void advance(std::chrono::nanoseconds by) {
        const SteadyTime end = steadyNow() + by;
        while (true) {
            std::function<void()> task;
            {
                const MutexLock lock(mutex_);
                if (tasks_.empty() || tasks_.begin()->first > end) {
                    now_ = end;
                    return;
                }
                now_ = std::max(now_, tasks_.begin()->first);
                task = std::move(tasks_.begin()->second);
                tasks_.erase(tasks_.begin());
            }
            task();
        }
    }
    // Somebody sets the clock on the wall; the steady one does not notice.
    void setWallClock(std::chrono::hours ahead) {
        const MutexLock lock(mutex_);
        utc_ = kBegin + ahead;
    }
    // The process that set them has ended.
    void dropTimers() {
        const MutexLock lock(mutex_);
        tasks_.clear();
    }
    // Every delay that was ever asked for, in order.
    std::vector<std::chrono::nanoseconds> delays() const {
        const MutexLock lock(mutex_);
        return delays_;
    }
    bool idle() const {
        const MutexLock lock(mutex_);
        return tasks_.empty();
    }

  private:
    static constexpr UtcTime kBegin = utcFromMicros(1'772'323'200'000'000);  // 2026-03-01T00:00:00Z

    mutable Mutex mutex_;
    SteadyTime now_ GUARDED_BY(mutex_){};
    UtcTime utc_ GUARDED_BY(mutex_) = kBegin;
    std::multimap<SteadyTime, std::function<void()>> tasks_ GUARDED_BY(mutex_);
    std::vector<std::chrono::nanoseconds> delays_ GUARDED_BY(mutex_);
};

}  // namespace footfall
