#include "main/data_folder.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "support/random.h"

namespace footfall {
namespace {

// holderOf() holds the lock for microseconds; a server that starts just then waits for it.
constexpr int kLockAttempts = 10;
constexpr std::chrono::milliseconds kLockPause{20};

std::string lockPath(const std::string& folder) {
    return folder + "/lock";
}
std::string serverFilePath(const std::string& folder) {
    return folder + "/server.json";
}

bool tryLock(int fd) {
    for (int attempt = 1; ::flock(fd, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        if (attempt == kLockAttempts) return false;
        std::this_thread::sleep_for(kLockPause);
    }
    return true;
}

FolderHolder readServerFile(const std::string& folder) {
    const auto text = PosixFileSystem().readAll(serverFilePath(folder));
    if (!text) return {};
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object() || !json.contains("url") || !json["url"].is_string()) return {};
    return {.url = json["url"].get<std::string>(), .pid = json.value("pid", std::int64_t{0})};
}

std::unexpected<Error> folderInUse(const std::string& folder) {
    const FolderHolder holder = readServerFile(folder);
    const std::string by =
        holder.url ? fmt::format("the server at {} (process {})", *holder.url, holder.pid)
                   : std::string("another footfall process");
    return fail(Code::kUnavailable, fmt::format("the folder {} is in use by {}", folder, by));
}

}  // namespace

Result<DataFolder> DataFolder::open(const std::string& path) {
    if (auto created = PosixFileSystem().createDirectory(path); !created)
        return std::unexpected(std::move(created.error()));
    const int fd = ::open(lockPath(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(Code::kIo,
                    fmt::format("cannot write to the folder {}: {}", path, std::strerror(errno)));
    DataFolder folder(path, fd);
    if (!tryLock(fd)) return folderInUse(path);
    std::ignore = PosixFileSystem().remove(serverFilePath(path));  // a killed server's, if any
    if (auto key = folder.readOrCreateIdKey(); !key) return std::unexpected(std::move(key.error()));
    return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_fd_(std::exchange(other.lock_fd_, -1)),
      id_key_seed_(other.id_key_seed_),
      announced_(std::exchange(other.announced_, false)) {}

DataFolder::~DataFolder() {
    // A leftover does no harm: holderOf() asks the lock first.
    if (announced_) std::ignore = PosixFileSystem().remove(serverFilePath(path_));
    if (lock_fd_ >= 0) ::close(lock_fd_);
}

Result<void> DataFolder::readOrCreateIdKey() {
    PosixFileSystem files;
    const std::string path = path_ + "/id.key";
    const auto text = files.readAll(path);
    if (text) {
        const char* end = text->data() + text->size();
        const auto [stop, error] = std::from_chars(text->data(), end, id_key_seed_, 16);
        if (error != std::errc() || (stop != end && *stop != '\n'))
            return fail(Code::kMalformed, fmt::format("{} is damaged; put it back from a backup: "
                                                      "without it known events would count twice",
                                                      path));
        return {};
    }
    if (text.error().code != Code::kNotFound) return std::unexpected(text.error());
    id_key_seed_ = randomSeed();
    return files.replace(path, fmt::format("{:016x}\n", id_key_seed_));
}

Result<void> DataFolder::announce(const std::string& url) {
    const nlohmann::ordered_json json = {{"pid", ::getpid()}, {"url", url}};
    if (auto written = PosixFileSystem().replace(serverFilePath(path_), json.dump() + "\n");
        !written)
        return written;
    announced_ = true;
    return {};
}

std::optional<FolderHolder> holderOf(const std::string& data_dir) {
    const int fd = ::open(lockPath(data_dir).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    const bool is_free = ::flock(fd, LOCK_SH | LOCK_NB) == 0;
    ::close(fd);
    if (is_free) return std::nullopt;
    return readServerFile(data_dir);
}

}  // namespace footfall
