#include "event_producer/sampling.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "support/check.h"

namespace footfall {
namespace {

// Box and Muller's transform; its second number is thrown away, which keeps the draw stateless.
double standardNormal(Random& random) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - random.unit()));
    return radius * std::cos(2.0 * std::numbers::pi * random.unit());
}

}  // namespace

WeightedChoice::WeightedChoice(const std::vector<double>& weights) : slots_(weights.size()) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    CHECK(sum > 0, "something can be drawn");

    const double count = static_cast<double>(weights.size());
    std::vector<double> heights;  // 1 is the average
    std::vector<std::uint32_t> low;
    std::vector<std::uint32_t> high;
    for (const double weight : weights) {
        shares_.push_back(weight / sum);
        (weight / sum * count < 1.0 ? low : high).push_back(std::uint32_t(heights.size()));
        heights.push_back(weight / sum * count);
    }
    while (!low.empty() && !high.empty()) {
        const std::uint32_t poor = low.back();
        const std::uint32_t rich = high.back();
        low.pop_back();
        slots_[poor] = {.keep = heights[poor], .alias = rich};
        heights[rich] -= 1.0 - heights[poor];
        if (heights[rich] >= 1.0) continue;
        high.pop_back();
        low.push_back(rich);
    }
}

std::size_t WeightedChoice::draw(Random& random) const {
    const double place = random.unit() * static_cast<double>(slots_.size());
    const auto index = static_cast<std::size_t>(place);
    const Slot& slot = slots_[index];
    return place - static_cast<double>(index) < slot.keep ? index : slot.alias;
}

std::vector<double> zipfWeights(std::size_t first, std::size_t last, double exponent) {
    std::vector<double> weights;
    for (std::size_t place = first; place <= last; ++place)
        weights.push_back(std::pow(static_cast<double>(place), -exponent));
    return weights;
}

double LogNormal::draw(Random& random) const {
    return median * std::exp(sigma * standardNormal(random));
}

}  // namespace footfall
