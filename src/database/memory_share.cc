#include "database/memory_share.h"

#include <algorithm>
#include <fstream>
#include <string>

#include <unistd.h>

namespace footfall {
namespace {

constexpr std::uint64_t kShare = 8;
constexpr std::uint64_t kLeast = 192 << 20;
constexpr std::uint64_t kMost = std::uint64_t{4} << 30;

std::uint64_t physicalBytes() {
    return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
           static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// The limit of a container, in either version of Linux' control groups; none is a huge number.
std::uint64_t cgroupBytes() {
    for (const char* path :
         {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
        std::uint64_t bytes = 0;
        if (std::ifstream(path) >> bytes && bytes > 0) return bytes;
    }
    return UINT64_MAX;
}

}  // namespace

std::size_t databaseMemoryOf(std::uint64_t bytes) {
    return std::clamp(bytes / kShare, kLeast, kMost);
}

std::size_t databaseMemoryBytes() {
    return databaseMemoryOf(std::min(physicalBytes(), cgroupBytes()));
}

}  // namespace footfall
