#include "journey_index/seconds_histogram.h"

#include <algorithm>
#include <utility>

#include "support/check.h"

namespace footfall {
namespace {

constexpr std::int64_t kDenseEnd = 1 << 20;

}  // namespace

void SecondsHistogram::add(std::int64_t seconds, std::int64_t times) {
    count_ += times;
    if (!dense_.empty() && seconds < kDenseEnd) {
        dense_[static_cast<std::size_t>(seconds)] += static_cast<std::uint32_t>(times);
        return;
    }
    const auto entry = sparse_.try_emplace(seconds, 0).first;
    entry->second += static_cast<std::uint32_t>(times);
    if (entry->second == 0) sparse_.erase(entry);
    if (dense_.empty() && sparse_.size() > kSparseMax) becomeDense();
}

void SecondsHistogram::expect(std::int64_t seconds) const {
    if (!dense_.empty() && seconds < kDenseEnd)
        __builtin_prefetch(&dense_[static_cast<std::size_t>(seconds)], 1);
    else
        sparse_.prefetch(seconds);
}

void SecondsHistogram::becomeDense() {
    dense_.resize(static_cast<std::size_t>(kDenseEnd));
    for (const auto& [seconds, times] : std::exchange(sparse_, {}))
        if (seconds < kDenseEnd)
            dense_[static_cast<std::size_t>(seconds)] = times;
        else
            sparse_.emplace(seconds, times);
}

void SecondsHistogram::merge(const SecondsHistogram& other) {
    for (std::size_t seconds = 0; seconds < other.dense_.size(); ++seconds)
        if (other.dense_[seconds] > 0)
            add(static_cast<std::int64_t>(seconds), other.dense_[seconds]);
    for (const auto& [seconds, times] : other.sparse_) add(seconds, times);
}

SecondsPair SecondsHistogram::neighbours(std::int64_t tenths) const {
    CHECK(count_ > 0, "there is something to rank");
    const std::int64_t low = tenths * (count_ - 1) / 10;
    const std::int64_t high = (tenths * (count_ - 1) + 9) / 10;
    SecondsPair pair;
    std::int64_t before = 0;
    // Whether `times` more of `seconds` reach the second of the two ranks.
    const auto passes = [&](std::int64_t seconds, std::uint32_t times) {
        if (before <= low) pair.low = seconds;
        pair.high = seconds;
        before += times;
        return before > high;
    };
    for (std::size_t seconds = 0; seconds < dense_.size(); ++seconds)
        if (dense_[seconds] > 0 && passes(static_cast<std::int64_t>(seconds), dense_[seconds]))
            return pair;
    std::vector<std::pair<std::int64_t, std::uint32_t>> rest(sparse_.begin(), sparse_.end());
    // Of all numbers those above kDenseEnd come last, and without a dense part there are no others.
    std::ranges::sort(rest);
    for (const auto& [seconds, times] : rest)
        if (passes(seconds, times)) break;
    return pair;
}

}  // namespace footfall
