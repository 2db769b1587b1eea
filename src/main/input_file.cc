#include "main/input_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace footfall {
namespace {

constexpr unsigned kBufferBytes = 256 << 10;

gzFile handleOf(void* file) {
    return static_cast<gzFile>(file);
}

}  // namespace

void InputFile::Close::operator()(void* file) const {
    ::gzclose(handleOf(file));
}

InputFile::InputFile(std::string path, std::unique_ptr<void, Close> file, std::uint64_t size_bytes)
    : path_(std::move(path)), file_(std::move(file)), size_bytes_(size_bytes) {}

Result<InputFile> InputFile::open(const std::string& path) {
    const int fd = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    if (fd < 0 || ::fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
        const int error = fd >= 0 ? EISDIR : errno;
        if (fd >= 0) ::close(fd);
        return fail(error == ENOENT ? Code::kNotFound : Code::kIo,
                    fmt::format("cannot read {}: {}", path, std::strerror(error)));
    }
    std::unique_ptr<void, Close> file(::gzdopen(fd, "rb"));
    ::gzbuffer(handleOf(file.get()), kBufferBytes);
    const auto size_bytes = S_ISREG(status.st_mode) ? status.st_size : 0;
    return InputFile(path, std::move(file), static_cast<std::uint64_t>(size_bytes));
}

Result<std::size_t> InputFile::read(std::span<char> buffer) {
    const int count =
        ::gzread(handleOf(file_.get()), buffer.data(), static_cast<unsigned>(buffer.size()));
    int status = Z_OK;
    const char* reason = ::gzerror(handleOf(file_.get()), &status);
    // A gzip file that ends too early gives its bytes first and Z_BUF_ERROR with them.
    if (count < 0 || status == Z_BUF_ERROR)
        return status == Z_ERRNO
                   ? fail(Code::kIo, fmt::format("cannot read {}: {}", path_, std::strerror(errno)))
                   : fail(Code::kMalformed, fmt::format("{} is damaged: {}", path_, reason));
    return static_cast<std::size_t>(count);
}

std::uint64_t InputFile::bytesRead() const {
    return static_cast<std::uint64_t>(::gzoffset(handleOf(file_.get())));
}

}  // namespace footfall
