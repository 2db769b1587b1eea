#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <prometheus/gauge.h>

#include "support/gzip.h"
#include "support/http_framing.h"

namespace footfall {

// BodyBudget: the memory that the bodies of all connections may take together.
// Threads: all members, any thread.   Bounds: bytes_max, never exceeded.
class BodyBudget {
  public:
    BodyBudget(std::size_t bytes_max, prometheus::Gauge& gauge)
        : bytes_max_(bytes_max), gauge_(gauge) {}
    [[nodiscard]] bool take(std::size_t bytes);
    void giveBack(std::size_t bytes);

  private:
    const std::size_t bytes_max_;
    prometheus::Gauge& gauge_;
    std::atomic<std::size_t> used_{0};
};

// BodyReader: collects the body of one request, decompressed, within its limit and the budget of
// all. Its share of the budget goes back with it, so it lives until the request is answered.
// Threads: one at a time.
// Errors: 413 over bytes_max, 429 over the budget, 400 for damaged gzip.
class BodyReader {
  public:
    BodyReader(std::size_t bytes_max, BodyBudget& budget)
        : bytes_max_(bytes_max), budget_(budget) {}
    ~BodyReader() { budget_.giveBack(charged_bytes_); }
    BodyReader(const BodyReader&) = delete;
    BodyReader& operator=(const BodyReader&) = delete;

    // `length`: as announced; nullopt for a chunked body.
    std::optional<Refusal> begin(BodyCoding coding, std::optional<std::uint64_t> length);
    std::optional<Refusal> append(std::string_view piece);
    std::optional<Refusal> finish();
    // With kBodyPaddingBytes of spare capacity. REQUIRES: finish() refused nothing.
    std::string take() { return std::move(body_); }

  private:
    std::optional<Refusal> reserve(std::size_t bytes);
    std::optional<Refusal> appendGzip(std::string_view piece);

    // Constant after construction.
    const std::size_t bytes_max_;
    BodyBudget& budget_;

    std::optional<GzipDecoder> gzip_;
    std::string body_;
    std::size_t charged_bytes_ = 0;
};

}  // namespace footfall
