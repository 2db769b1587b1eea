#pragma once

#include <chrono>
#include <string>

#include <sys/types.h>

// What the benches need of the servers that they start.
namespace footfall::bench {

// A new one, for whoever asks to remove.
std::string temporaryFolder();

// User and system time of all threads of a process so far.
std::chrono::duration<double> cpuTimeOf(pid_t pid);

}  // namespace footfall::bench
