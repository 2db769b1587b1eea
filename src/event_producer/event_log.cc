#include "event_producer/event_log.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace footfall {

Result<void> EventLog::open(const std::string& path) {
    const MutexLock lock(mutex_);
    path_ = path;
    file_.open(path, std::ios::binary | std::ios::trunc);
    if (!file_) return fail(Code::kIo, fmt::format("cannot write {}: {}", path, strerror(errno)));
    open_ = true;
    return {};
}

void EventLog::append(std::string_view lines) {
    const MutexLock lock(mutex_);
    file_.write(lines.data(), static_cast<std::streamsize>(lines.size()));
}

Result<void> EventLog::close() {
    const MutexLock lock(mutex_);
    file_.close();
    open_ = false;
    if (!file_) return fail(Code::kIo, fmt::format("cannot write all of {}", path_));
    return {};
}

}  // namespace footfall
