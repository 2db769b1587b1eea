#pragma once

#include <cstdint>

namespace footfall {

// SplitMix64's finalizer: spreads every input bit over all output bits.
// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
constexpr std::uint64_t mixBits(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

// Random: a small seeded generator, the same sequence on every machine and compiler, which the
// distributions of <random> do not promise.
// Threads: one at a time.   Bounds: period 2^64.   Not for secrets.
class Random {
  public:
    explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

    // A generator for one thing of many, independent of its neighbours: Random::of(seed, user).
    static constexpr Random of(std::uint64_t seed, std::uint64_t index) {
        return Random(mixBits(seed ^ mixBits(index + 0x9e3779b97f4a7c15ULL)));
    }

    constexpr std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ULL;
        return mixBits(state_);
    }
    // In [0, 1), 53 bits.
    constexpr double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    // In [0, bound). Multiply-shift; its bias is below bound / 2^64.
    constexpr std::uint64_t below(std::uint64_t bound) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
    }
    constexpr bool chance(double probability) { return unit() < probability; }

  private:
    std::uint64_t state_;
};

// 64 bits from the operating system, for seeds and keys.
std::uint64_t randomSeed();

}  // namespace footfall
