#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "support/mutex.h"

namespace footfall {

// TaskPool: a few threads for what takes long, so that no reactor waits for a report.
// Threads: all members, any thread.   Blocks: the destructor, until the running tasks are done.
// Bounds: waiting_max tasks wait; then tryRun() refuses.
// Shutdown: tasks that still wait are destroyed without being run.
class TaskPool {
  public:
    struct Options {
        unsigned threads = 2;
        std::size_t waiting_max = 16;
    };
    using Task = std::function<void()>;

    explicit TaskPool(Options options);
    ~TaskPool();

    // False when full; the task is then untouched.
    [[nodiscard]] bool tryRun(Task&& task);

  private:
    void run(std::stop_token stop);

    const std::size_t waiting_max_;
    Mutex mutex_;
    std::condition_variable_any task_added_;
    std::deque<Task> waiting_ GUARDED_BY(mutex_);
    std::vector<std::jthread> threads_;
};

}  // namespace footfall
