#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <stop_token>
#include <thread>
#include <utility>

#include "support/mutex.h"
#include "support/scheduler.h"

namespace footfall {

// TimerThread: a Scheduler in real time for tests without a reactor.
// Threads: runAfter any thread; tasks run on its own, one at a time.
// Shutdown: tasks that are not due yet are dropped.
class TimerThread final : public Scheduler {
  public:
    TimerThread() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

    void runAfter(std::chrono::nanoseconds delay, std::function<void()> task) override {
        {
            const MutexLock lock(mutex_);
            tasks_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
        }
        changed_.notify_one();
    }

  private:
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested())
            if (const std::function<void()> task = nextDue(stop)) task();
    }
    // Waits for the first task to become due, or for a new one, which may be due sooner.
    std::function<void()> nextDue(const std::stop_token& stop) {
        MutexLock lock(mutex_);
        changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !tasks_.empty(); });
        if (tasks_.empty()) return nullptr;
        const auto due = tasks_.begin()->first;
        changed_.wait_until(lock, stop, due,
                            [&]() REQUIRES(mutex_) { return tasks_.begin()->first < due; });
        if (tasks_.begin()->first > std::chrono::steady_clock::now()) return nullptr;
        return std::move(tasks_.extract(tasks_.begin()).mapped());
    }

    Mutex mutex_;
    std::condition_variable_any changed_;
    std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> tasks_
        GUARDED_BY(mutex_);
    std::jthread thread_;
};

}  // namespace footfall
