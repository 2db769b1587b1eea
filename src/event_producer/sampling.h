#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/random.h"

namespace footfall {

// WeightedChoice: draws an index with a probability proportional to its weight.
// Threads: const, any thread.   Cost: one random number, one look-up, whatever the size.
// Source: Vose, "A Linear Algorithm For Generating Random Numbers With a Given Distribution", 1991.
class WeightedChoice {
  public:
    WeightedChoice() = default;
    // REQUIRES: no weight is negative, at least one is positive.
    explicit WeightedChoice(const std::vector<double>& weights);

    std::size_t draw(Random& random) const;
    std::size_t size() const { return shares_.size(); }
    // The probability of that index.
    double share(std::size_t index) const { return shares_[index]; }

  private:
    struct Slot {
        double keep = 1.0;        // the chance to stay with this index
        std::uint32_t alias = 0;  // else this one
    };
    std::vector<Slot> slots_;
    std::vector<double> shares_;
};

// Zipf's law: the weight of place n, from `first` to `last`, is 1 / n^exponent.
std::vector<double> zipfWeights(std::size_t first, std::size_t last, double exponent);

// A quantity whose logarithm is normal: most are small, a few are very large.
struct LogNormal {
    double median = 1.0;
    double sigma = 0.0;
    double draw(Random& random) const;
};

}  // namespace footfall
