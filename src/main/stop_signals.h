#pragma once

#include <chrono>

namespace footfall {

// StopSignals: SIGINT and SIGTERM as something to wait for.
// Threads: construct it before any other thread starts, so that none is interrupted instead.
// Lifetime: its destructor gives the signals their usual effect back.
class StopSignals {
  public:
    StopSignals();
    ~StopSignals();
    // Whether one came in time.
    bool waitFor(std::chrono::milliseconds timeout);
    void wait();
    // From now on one more ends the process at once.
    void letNextOneKill();
};

}  // namespace footfall
