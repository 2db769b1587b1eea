#include "support/http_body.h"

#include <algorithm>
#include <utility>

#include "support/http.h"

namespace footfall {
namespace {

// What is reserved before the first byte has come: a client that only announces costs no more.
constexpr std::uint64_t kReservedBytesMax = 64 << 10;
// Of an announced body so many times what has come is reserved: batches of 1,000 are moved once,
// while they are small, and who only announces has to send an eighth of what they take.
constexpr std::size_t kReservedTimes = 8;
constexpr std::size_t kGzipStepBytes = 64 << 10;

constexpr Refusal kTooLarge{413, "body_too_large",
                            "the body is over the limit; send less at a time"};
constexpr Refusal kOverBudget{429, "busy", "too many bodies are being read; send it again"};
constexpr Refusal kDamagedGzip{400, "malformed_gzip", "the body is not what gzip makes"};

}  // namespace

bool BodyBudget::take(std::size_t bytes) {
    // Relaxed: the number orders nothing but itself.
    const std::size_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
    if (before + bytes > bytes_max_) {
        used_.fetch_sub(bytes, std::memory_order_relaxed);
        return false;
    }
    gauge_.Increment(static_cast<double>(bytes));
    return true;
}

void BodyBudget::giveBack(std::size_t bytes) {
    if (bytes == 0) return;
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    gauge_.Decrement(static_cast<double>(bytes));
}

std::optional<Refusal> BodyReader::begin(BodyCoding coding, std::optional<std::uint64_t> length) {
    if (length.value_or(0) > bytes_max_) return kTooLarge;
    announced_bytes_ = coding == BodyCoding::kIdentity ? length.value_or(0) : 0;
    if (coding == BodyCoding::kGzip) gzip_.emplace();
    return reserve(std::min(length.value_or(0), kReservedBytesMax));
}

std::optional<Refusal> BodyReader::append(std::string_view piece) {
    if (gzip_) return appendGzip(piece);
    if (body_.size() + piece.size() > bytes_max_) return kTooLarge;
    if (auto refusal = reserve(body_.size() + piece.size())) return refusal;
    body_ += piece;
    return std::nullopt;
}

std::optional<Refusal> BodyReader::appendGzip(std::string_view piece) {
    while (true) {
        // One byte over the limit tells a body of just that size from a longer one.
        const std::size_t step = std::min(kGzipStepBytes, bytes_max_ + 1 - body_.size());
        if (auto refusal = reserve(body_.size() + step)) return refusal;
        const std::size_t before = body_.size();
        if (!gzip_->decode(piece, body_, step)) return kDamagedGzip;
        if (body_.size() > bytes_max_) return kTooLarge;
        if (body_.size() - before < step) return std::nullopt;
    }
}

std::optional<Refusal> BodyReader::finish() {
    if (gzip_ && !gzip_->complete()) return kDamagedGzip;
    gzip_.reset();
    return std::nullopt;
}

void BodyReader::drop() {
    body_ = {};
    gzip_.reset();
    budget_.giveBack(std::exchange(charged_bytes_, 0));
}

// Grows towards what was announced, else by doubling. The padding is always there, so that finish()
// never moves the body.
std::optional<Refusal> BodyReader::reserve(std::size_t bytes) {
    const std::size_t needed = bytes + kBodyPaddingBytes;
    if (needed <= charged_bytes_) return std::nullopt;
    const std::size_t ahead = announced_bytes_ > 0 ? std::min(announced_bytes_ + kBodyPaddingBytes,
                                                              kReservedTimes * charged_bytes_)
                                                   : std::min(2 * charged_bytes_, 2 * bytes_max_);
    const std::size_t capacity = std::max(needed, ahead);
    if (!budget_.take(capacity - charged_bytes_)) return kOverBudget;
    charged_bytes_ = capacity;
    body_.reserve(capacity);
    return std::nullopt;
}

}  // namespace footfall
