#include "event_producer/response_times.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace footfall {
namespace {

// Below 2 * kSteps microseconds a bucket is 1 µs wide; from then on each doubling of the time has
// kSteps buckets of twice the width, so a bucket is never wider than 1/1024 of its times.
constexpr std::uint64_t kSteps = 1024;
constexpr int kStepBits = std::bit_width(kSteps);
constexpr std::uint64_t kLongestUs = 3'600'000'000;

constexpr std::uint64_t bucketOf(std::uint64_t us) {
    const int shift = std::max(0, static_cast<int>(std::bit_width(us)) - kStepBits);
    return static_cast<std::uint64_t>(shift) * kSteps + (us >> shift);
}

// The largest time that falls into the bucket.
constexpr std::uint64_t lastOf(std::uint64_t bucket) {
    if (bucket < 2 * kSteps) return bucket;
    const std::uint64_t shift = bucket / kSteps - 1;
    const std::uint64_t step = bucket - shift * kSteps;
    return ((step + 1) << shift) - 1;
}
static_assert(bucketOf(lastOf(5'000)) == 5'000 && bucketOf(lastOf(5'000) + 1) == 5'001);

}  // namespace

ResponseTimes::ResponseTimes() : buckets_(bucketOf(kLongestUs) + 1) {}

void ResponseTimes::record(std::chrono::nanoseconds time) {
    const auto us = std::chrono::ceil<std::chrono::microseconds>(time).count();
    const std::uint64_t bounded =
        std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)), kLongestUs);
    ++buckets_[bucketOf(bounded)];
    ++count_;
    longest_us_ = std::max(longest_us_, bounded);
}

void ResponseTimes::merge(const ResponseTimes& other) {
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket)
        buckets_[bucket] += other.buckets_[bucket];
    count_ += other.count_;
    longest_us_ = std::max(longest_us_, other.longest_us_);
}

std::chrono::microseconds ResponseTimes::percentile(double share) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size() && count_ > 0; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= std::max<std::uint64_t>(rank, 1))
            return std::chrono::microseconds(std::min(lastOf(bucket), longest_us_));
    }
    return std::chrono::microseconds(0);
}

}  // namespace footfall
