#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "support/result.h"

namespace footfall {

// Bytes one after the other, from wherever.
class ByteSource {
  public:
    virtual ~ByteSource() = default;
    // How many bytes were read; 0 at the end.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

// InputFile: a file, plain or gzip, or "-" for standard input.
// Threads: one at a time.
// Errors: kNotFound | kIo with errno's words | kMalformed for a damaged gzip stream.
class InputFile final : public ByteSource {
  public:
    [[nodiscard]] static Result<InputFile> open(const std::string& path);
    Result<std::size_t> read(std::span<char> buffer) override;

    // Of the file as it lies on disk, for progress. Size 0: not known.
    std::uint64_t bytesRead() const;
    std::uint64_t sizeBytes() const { return size_bytes_; }

  private:
    struct Close {
        void operator()(void* file) const;
    };
    InputFile(std::string path, std::unique_ptr<void, Close> file, std::uint64_t size_bytes);

    std::string path_;
    std::unique_ptr<void, Close> file_;  // zlib's handle, which reads plain files as well
    std::uint64_t size_bytes_;
};

}  // namespace footfall
