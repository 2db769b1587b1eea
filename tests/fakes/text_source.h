#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "main/input_file.h"

namespace footfall {

// TextSource: a file's bytes from memory. The text outlives it.   Threads: one.
class TextSource final : public ByteSource {
  public:
    explicit TextSource(std::string_view text) : text_(text) {}
    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t count = std::min(buffer.size(), text_.size());
        std::ranges::copy(text_.substr(0, count), buffer.begin());
        text_.remove_prefix(count);
        return count;
    }

  private:
    std::string_view text_;
};

}  // namespace footfall
