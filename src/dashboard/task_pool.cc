#include "dashboard/task_pool.h"

#include <utility>

#include "support/thread_name.h"

namespace footfall {

TaskPool::TaskPool(Options options) : waiting_max_(options.waiting_max) {
    for (unsigned i = 0; i < options.threads; ++i)
        threads_.emplace_back([this](std::stop_token stop) {
            nameThisThread("report");
            run(std::move(stop));
        });
}

TaskPool::~TaskPool() {
    for (std::jthread& thread : threads_) thread.request_stop();
    threads_.clear();
}

bool TaskPool::tryRun(Task&& task) {
    {
        const MutexLock lock(mutex_);
        if (waiting_.size() >= waiting_max_) return false;
        waiting_.push_back(std::move(task));
    }
    task_added_.notify_one();
    return true;
}

void TaskPool::run(std::stop_token stop) {
    while (true) {
        Task task;
        {
            MutexLock lock(mutex_);
            const bool found = task_added_.wait(
                lock, stop, [this]() REQUIRES(mutex_) { return !waiting_.empty(); });
            if (!found || stop.stop_requested()) return;
            task = std::move(waiting_.front());
            waiting_.pop_front();
        }
        task();
    }
}

}  // namespace footfall
