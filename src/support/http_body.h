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
    ~BodyReader() { drop(); }
    BodyReader(const BodyReader&) = delete;
    BodyReader& operator=(const BodyReader&) = delete;

    // `length`: as announced; nullopt for a chunked body.
    std::optional<Refusal> begin(BodyCoding coding, std::optional<std::uint64_t> length);
    std::optional<Refusal> append(std::string_view piece);
    // Makes room for up to `bytes` more and calls receive(char* to, std::size_t room) -> how many
    // came. REQUIRES: the body is not compressed.
    template <class Receive>
    std::optional<Refusal> receive(std::size_t bytes, Receive receive);
    std::optional<Refusal> finish();
    // With kBodyPaddingBytes of spare capacity. REQUIRES: finish() refused nothing.
    std::string take() { return std::move(body_); }
    // For a request that is refused: gives what it holds back before it is answered.
    void drop();

  private:
    // For `bytes` in all, and the padding.
    std::optional<Refusal> reserve(std::size_t bytes);
    std::optional<Refusal> appendGzip(std::string_view piece);

    // Constant after construction.
    const std::size_t bytes_max_;
    BodyBudget& budget_;

    std::optional<GzipDecoder> gzip_;
    std::string body_;
    std::size_t announced_bytes_ = 0;
    std::size_t charged_bytes_ = 0;
};

template <class Receive>
std::optional<Refusal> BodyReader::receive(std::size_t bytes, Receive receive) {
    const std::size_t before = body_.size();
    if (auto refusal = reserve(before + bytes)) return refusal;
    body_.resize_and_overwrite(before + bytes, [&](char* begin, std::size_t) {
        return before + receive(begin + before, bytes);
    });
    return std::nullopt;
}

}  // namespace footfall
