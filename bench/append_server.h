#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <sys/types.h>

#include "bench/child_process.h"

namespace footfall::bench {

// AppendServer: the least that a durable server can do, in a process of its own: it appends the
// body of a request to a file, syncs it and answers 202. It parses nothing, knows no duplicates and
// answers no question. What ours costs beyond it is the price of all that.
// Threads: one at a time.
class AppendServer {
  public:
    AppendServer();
    ~AppendServer();
    AppendServer(const AppendServer&) = delete;
    AppendServer& operator=(const AppendServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::chrono::duration<double> cpuTime() const { return cpuTimeOf(pid_); }

  private:
    const std::string folder_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace footfall::bench
