#pragma once

#include <cstddef>

#include "in_memory_queue/event_queue.h"

namespace footfall {

// RefusingQueue: an EventQueue that says it is full to the first `refusals` pushes.
// Threads: as EventQueue.
class RefusingQueue final : public EventQueue {
  public:
    RefusingQueue(std::size_t refusals, Metrics& metrics, EventQueueOptions options = {})
        : EventQueue(options, metrics), refusals_left_(refusals) {}

    Result<void> tryPush(QueuedBatch& batch) override {
        ++attempts_;
        if (refusals_left_ == 0) return EventQueue::tryPush(batch);
        --refusals_left_;
        return fail(Code::kQueueFull, "refused by the test");
    }
    std::size_t attempts() const { return attempts_; }

  private:
    std::size_t refusals_left_;
    std::size_t attempts_ = 0;
};

}  // namespace footfall
