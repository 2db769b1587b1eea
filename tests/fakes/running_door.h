#pragma once

#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "in_memory_queue/durable_queue.h"
#include "support/check.h"
#include "tests/fakes/memory_files.h"

namespace footfall {

// RunningDoor: a DurableQueue with a journal on a disk in memory, and the journal's leader on a
// thread: what a server has.
// Threads: close() one; the rest any.
class RunningDoor {
  public:
    RunningDoor(EventQueue& queue, const Clock& clock, Scheduler& scheduler, Metrics& metrics,
                DurableQueue::Options options = {}, JournalOptions journal = {})
        : journal_(opened(Journal::open(named(std::move(journal)), disk_, clock, metrics, {}))),
          door(options, *journal_, queue, clock, scheduler, metrics),
          leader_([this](const std::stop_token& stop) { journal_->run(stop); }) {
        door.begin({});
    }
    ~RunningDoor() { close(); }
    RunningDoor(const RunningDoor&) = delete;
    RunningDoor& operator=(const RunningDoor&) = delete;

    // Returns once it is durable, or refused.
    Result<void> submit(EventBatch batch) {
        std::promise<Result<void>> answer;
        door.submit(std::move(batch),
                    [&answer](Result<void> outcome) { answer.set_value(std::move(outcome)); });
        return answer.get_future().get();
    }
    // Nothing more comes in; what was durable can still be taken. Does nothing twice.
    void close() {
        if (!leader_.joinable()) return;
        journal_->close();
        leader_.request_stop();
        leader_.join();
        door.close();
    }

  private:
    static JournalOptions named(JournalOptions options) {
        options.folder = "journal";
        return options;
    }
    static std::unique_ptr<Journal> opened(Result<std::unique_ptr<Journal>> journal) {
        CHECK(journal.has_value(), "a disk in memory gives the journal");
        return std::move(*journal);
    }

    MemoryFiles disk_;
    std::unique_ptr<Journal> journal_;

  public:
    DurableQueue door;

  private:
    std::jthread leader_;
};

}  // namespace footfall
