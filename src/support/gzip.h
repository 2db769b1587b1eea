#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "support/result.h"

namespace footfall {

// GzipDecoder: decompresses gzip (RFC 1952, several members one after the other too) piece by
// piece, never more at a time than the caller allows: how much a byte may grow to is up to its
// sender.
// Threads: one at a time.   Bounds: about 45 KB of state.
// Errors: kMalformed; the decoder is of no use afterwards.
class GzipDecoder {
  public:
    GzipDecoder();
    ~GzipDecoder();
    GzipDecoder(GzipDecoder&&) noexcept;
    GzipDecoder& operator=(GzipDecoder&&) noexcept;

    // Decodes from the front of `input`, which it shortens, to the end of `out`, until `input` is
    // used up or `out` has grown by `bytes_max`; call again then, also with an empty input, until
    // `out` has grown by less.
    [[nodiscard]] Result<void> decode(std::string_view& input, std::string& out,
                                      std::size_t bytes_max);
    // Whether what was decoded ends where a member ends; else the input was cut short.
    bool complete() const { return complete_; }

  private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
    bool complete_ = false;
};

}  // namespace footfall
