#pragma once

#include <stop_token>
#include <thread>

namespace footfall {

// StopSignals: turns the first SIGINT or SIGTERM into a request to stop; a second one ends the
// process at once.
// Threads: construct it before any other thread starts, so that none is interrupted instead.
// Lifetime: its destructor gives the signals their usual effect back.
class StopSignals {
  public:
    StopSignals();
    ~StopSignals();

    std::stop_token token() const { return stop_.get_token(); }
    // Until a signal comes, or requestStop().
    void wait() const;
    // As if a signal had come. Any thread.
    void requestStop() { stop_.request_stop(); }

  private:
    void watch(const std::stop_token& ended);

    std::stop_source stop_;
    std::jthread watcher_;
};

}  // namespace footfall
