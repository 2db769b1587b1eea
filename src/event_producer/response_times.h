#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace footfall {

// ResponseTimes: how long calls took, to three significant digits.
// Threads: one at a time; each thread fills its own and they are merged.
// Bounds: 1 µs to one hour, longer counts as one hour; about 190 KB.
// Source: the log-linear buckets of HdrHistogram (github.com/HdrHistogram/HdrHistogram).
class ResponseTimes {
  public:
    ResponseTimes();

    void record(std::chrono::nanoseconds time);
    void merge(const ResponseTimes& other);

    std::uint64_t count() const { return count_; }
    // The time that `share` of the calls did not exceed: percentile(0.99). Zero without calls.
    // At most 0.1 % above the true one; percentile(1) is the longest, exact to the microsecond.
    std::chrono::microseconds percentile(double share) const;

  private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::uint64_t longest_us_ = 0;
};

}  // namespace footfall
