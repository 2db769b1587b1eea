#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "support/http.h"

namespace footfall::bench {

// ServerProcess: a `footfall serve` of its own, on a free port and a folder that goes with it.
// Threads: one at a time.   Aborts the bench when the server does not start or stop.
class ServerProcess {
  public:
    explicit ServerProcess(const std::string& binary);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    nlohmann::json get(const std::string& path);
    nlohmann::json sql(const std::string& query);
    // User and system time of all its threads so far.
    std::chrono::duration<double> cpuTime() const;
    std::uint64_t residentBytes() const;
    // Bytes of all files in its folder.
    std::uint64_t folderBytes() const;

  private:
    nlohmann::json request(const HttpRequest& request);
    void waitUntilReady();

    std::string folder_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace footfall::bench
