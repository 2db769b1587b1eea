#include "support/file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/crash_point.h"

namespace footfall {
namespace {

Code codeOf(int error) {
    switch (error) {
        case ENOENT:
            return Code::kNotFound;
        case EEXIST:
            return Code::kInvalidArgument;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:  // over a limit on the size of files
            return Code::kUnavailable;
        default:
            return Code::kIo;
    }
}

std::unexpected<Error> ioError(std::string_view act, const std::string& path) {
    const int error = errno;
    return fail(codeOf(error), fmt::format("cannot {} {}: {}", act, path, std::strerror(error)));
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

Result<void> syncFolder(const std::string& folder) {
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return ioError("open", folder);
    if (::fsync(fd.get()) != 0) return ioError("sync", folder);
    return {};
}

Result<void> syncDirectoryOf(const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    return syncFolder(parent.empty() ? "." : parent);
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

class PosixPositionedFile final : public PositionedFile {
  public:
    PosixPositionedFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

    Result<std::size_t> readAt(std::uint64_t offset, std::span<std::byte> out) const override {
        std::size_t done = 0;
        while (done < out.size()) {
            const ssize_t count = ::pread(fd_.get(), out.data() + done, out.size() - done,
                                          static_cast<off_t>(offset + done));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return ioError("read", path_);
            if (count == 0) break;
            done += static_cast<std::size_t>(count);
        }
        return done;
    }
    Result<std::uint64_t> size() const override {
        struct stat status{};
        if (::fstat(fd_.get(), &status) != 0) return ioError("stat", path_);
        return static_cast<std::uint64_t>(status.st_size);
    }
    Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> bytes) override {
        while (!bytes.empty()) {
            const ssize_t written =
                ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return ioError("write to", path_);
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
        return {};
    }
    Result<void> truncate(std::uint64_t bytes) override {
        if (::ftruncate(fd_.get(), static_cast<off_t>(bytes)) != 0)
            return ioError("truncate", path_);
        return {};
    }
    Result<void> preallocate(std::uint64_t bytes) override {
        // Not posix_fallocate: where the file system cannot, that writes every block instead.
        while (::fallocate(fd_.get(), 0, 0, static_cast<off_t>(bytes)) != 0) {
            if (errno == EINTR) continue;
            if (errno == EOPNOTSUPP) return {};
            return ioError("take room for", path_);
        }
        return {};
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

Result<std::unique_ptr<PositionedFile>> PosixFileSystem::open(const std::string& path,
                                                              OpenMode mode) {
    const int flags = mode == OpenMode::kRead        ? O_RDONLY
                      : mode == OpenMode::kReadWrite ? O_RDWR
                                                     : O_RDWR | O_CREAT | O_TRUNC;
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (fd < 0) return ioError("open", path);
    return std::make_unique<PosixPositionedFile>(fd, path);
}

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
        crashPoint("file.after_replace_write");
        if (::fsync(fd.get()) != 0) return ioError("sync", temporary);
        crashPoint("file.after_replace_sync");
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return ioError("rename to", path);
    crashPoint("file.after_replace_rename");
    return syncDirectoryOf(path);
}

Result<void> PosixFileSystem::remove(const std::string& path) {
    if (::unlink(path.c_str()) != 0) return ioError("remove", path);
    return syncDirectoryOf(path);
}

Result<void> PosixFileSystem::rename(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return ioError("rename", from);
    return {};
}

Result<void> PosixFileSystem::link(const std::string& from, const std::string& to) {
    if (::link(from.c_str(), to.c_str()) != 0) return ioError("link", from);
    return {};
}

Result<std::vector<std::string>> PosixFileSystem::list(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        if (entry->is_regular_file(error)) names.push_back(entry->path().filename().string());
    if (error) {
        errno = error.value();
        return ioError("list", folder);
    }
    std::ranges::sort(names);
    return names;
}

Result<void> PosixFileSystem::syncDirectory(const std::string& folder) {
    return syncFolder(folder);
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
