#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "support/http.h"

namespace footfall::bench {

// ServerProcess: a `footfall serve` of its own, on a free port, and on a folder that goes with it,
// or on one that is named and stays.
// Threads: one at a time.   Aborts the bench when the server does not start or stop.
class ServerProcess {
  public:
    explicit ServerProcess(std::string binary, std::vector<std::string> flags = {},
                           std::string folder = {});
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    const std::string& folder() const { return folder_; }
    // It runs from the constructor on; a restart is on the same folder. start() returns the time
    // until it was ready.
    std::chrono::duration<double> start();
    void stop();
    // Aborts the bench when the answer is not 200.
    nlohmann::json get(const std::string& path);
    unsigned status(const std::string& path);
    nlohmann::json sql(const std::string& query);
    // User and system time of all its threads so far.
    std::chrono::duration<double> cpuTime() const;
    std::uint64_t residentBytes() const;
    // Bytes of all files in its folder.
    std::uint64_t folderBytes() const;

  private:
    HttpResponse send(const HttpRequest& request);
    nlohmann::json request(const HttpRequest& request);
    void waitUntilReady();

    const std::string binary_;
    const std::vector<std::string> flags_;
    const bool folder_stays_;
    const std::string folder_;
    const std::uint16_t port_;
    pid_t pid_ = -1;
};

}  // namespace footfall::bench
