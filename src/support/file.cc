#include "support/file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace footfall {
namespace {

std::unexpected<Error> ioError(std::string_view act, const std::string& path) {
    const int error = errno;
    return fail(error == ENOENT ? Code::kNotFound : Code::kIo,
                fmt::format("cannot {} {}: {}", act, path, std::strerror(error)));
}

// Closes its descriptor at the end of its scope.
class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

Result<void> writeAll(int fd, std::span<const std::byte> bytes, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return ioError("write to", path);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> syncDirectoryOf(const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    const std::string directory = parent.empty() ? "." : parent;
    const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return ioError("open", directory);
    if (::fsync(fd.get()) != 0) return ioError("sync", directory);
    return {};
}

class PosixFile final : public File {
  public:
    PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
    Result<void> append(std::span<const std::byte> bytes) override {
        return writeAll(fd_.get(), bytes, path_);
    }
    Result<void> syncData() override {
        if (::fdatasync(fd_.get()) != 0) return ioError("sync", path_);
        return {};
    }

  private:
    Descriptor fd_;
    std::string path_;
};

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::openForAppend(const std::string& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return ioError("open", path);
    return std::make_unique<PosixFile>(fd, path);
}

Result<std::string> PosixFileSystem::readAll(const std::string& path) {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) return ioError("read", path);
    std::string text;
    char buffer[65536];
    while (true) {
        const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
        if (count == 0) return text;
        if (count < 0) {
            if (errno == EINTR) continue;
            return ioError("read", path);
        }
        text.append(buffer, static_cast<std::size_t>(count));
    }
}

Result<void> PosixFileSystem::replace(const std::string& path, std::string_view text) {
    const std::string temporary = path + ".new";
    {
        const Descriptor fd(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (fd.get() < 0) return ioError("create", temporary);
        if (auto written = writeAll(fd.get(), std::as_bytes(std::span(text)), temporary); !written)
            return written;
        if (::fsync(fd.get()) != 0) return ioError("sync", temporary);
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return ioError("rename to", path);
    return syncDirectoryOf(path);
}

Result<void> PosixFileSystem::remove(const std::string& path) {
    if (::unlink(path.c_str()) != 0) return ioError("remove", path);
    return syncDirectoryOf(path);
}

Result<void> PosixFileSystem::createDirectory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0) {
        struct stat status{};
        const int error = errno;
        if (error == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
            return {};
        errno = error;
        return ioError("create the folder", path);
    }
    return syncDirectoryOf(path);
}

}  // namespace footfall
