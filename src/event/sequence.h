#pragma once

#include <compare>
#include <cstdint>

namespace footfall {

// The place of an accepted event in the order of acceptance. The first event ever has number 1; 0
// is "none yet".
struct SequenceNumber {
    std::uint64_t value = 0;
    auto operator<=>(const SequenceNumber&) const = default;
};
constexpr SequenceNumber operator+(SequenceNumber number, std::uint64_t count) {
    return {number.value + count};
}

// Both ends included.
struct SequenceRange {
    SequenceNumber first;
    SequenceNumber last;
    std::uint64_t count() const { return last.value + 1 - first.value; }
};

}  // namespace footfall
