#include "report/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/check.h"
#include "support/decimal.h"

namespace footfall {
namespace {

constexpr double kZ95 = 1.959963984540054;
constexpr double kFisherTolerance = 1e-7;
constexpr std::int64_t kExpectedCellMin = 5;
// (z(0.975) + z(0.8))²: significance 5 %, power 80 %.
constexpr double kSampleSizeFactor = 7.848879734;

// Whether each cell's expected count, row total · column total / all, is at least 5.
bool expectedCellsSuffice(Proportion a, Proportion b) {
    const Int128 hits = a.hits + b.hits;
    const Int128 all = a.count + b.count;
    const Int128 smaller_row = std::min(a.count, b.count);
    const Int128 smaller_column = std::min(hits, all - hits);
    return smaller_row * smaller_column >= kExpectedCellMin * all;
}

double pooledZTestPValue(Proportion a, Proportion b) {
    const auto count_a = static_cast<double>(a.count);
    const auto count_b = static_cast<double>(b.count);
    const double rate_a = static_cast<double>(a.hits) / count_a;
    const double rate_b = static_cast<double>(b.hits) / count_b;
    const double pooled = static_cast<double>(a.hits + b.hits) / (count_a + count_b);
    const double z =
        (rate_a - rate_b) / std::sqrt(pooled * (1 - pooled) * (1 / count_a + 1 / count_b));
    return std::erfc(std::abs(z) / std::sqrt(2.0));
}

}  // namespace

std::optional<double> percentOf(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

Interval wilsonInterval(Proportion proportion) {
    CHECK(proportion.count > 0, "an interval needs somebody");
    const auto n = static_cast<double>(proportion.count);
    const double p = static_cast<double>(proportion.hits) / n;
    const double z2 = kZ95 * kZ95;
    const double center = p + z2 / (2 * n);
    const double half = kZ95 * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    const double scale = 1 + z2 / n;
    // At the ends the formula gives 0 and 1, but for rounding.
    return {.low = proportion.hits == 0 ? 0 : (center - half) / scale,
            .high = proportion.hits == proportion.count ? 1 : (center + half) / scale};
}

double equalProportionsPValue(Proportion a, Proportion b) {
    CHECK(a.count > 0 && b.count > 0, "a test needs somebody on both sides");
    const std::int64_t hits = a.hits + b.hits;
    if (hits == 0 || hits == a.count + b.count) return 1;
    return expectedCellsSuffice(a, b) ? pooledZTestPValue(a, b) : fisherPValue(a, b);
}

double fisherPValue(Proportion a, Proportion b) {
    const std::int64_t hits = a.hits + b.hits;
    const std::int64_t lowest = std::max<std::int64_t>(0, hits - b.count);
    const std::int64_t highest = std::min(hits, a.count);

    // Each table's probability relative to that of the lowest, by the ratio of neighbours, in
    // logarithms: no factorial is ever formed, and none of them under- or overflows.
    std::vector<double> logs = {0};
    for (std::int64_t x = lowest; x < highest; ++x) {
        const double up = static_cast<double>(a.count - x) * static_cast<double>(hits - x);
        const double down =
            static_cast<double>(x + 1) * static_cast<double>(b.count - hits + x + 1);
        logs.push_back(logs.back() + std::log(up / down));
    }
    const double likeliest = std::ranges::max(logs);
    const double observed = std::exp(logs[static_cast<std::size_t>(a.hits - lowest)] - likeliest);
    double all = 0;
    double not_likelier = 0;
    for (const double log : logs) {
        const double probability = std::exp(log - likeliest);
        all += probability;
        if (probability <= observed * (1 + kFisherTolerance)) not_likelier += probability;
    }
    return std::min(1.0, not_likelier / all);
}

std::vector<std::optional<double>> adjustPValues(std::span<const std::optional<double>> p_values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p_values.size(); ++i)
        if (p_values[i]) order.push_back(i);
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return *p_values[i]; });

    std::vector<std::optional<double>> adjusted(p_values.size());
    const auto count = static_cast<double>(order.size());
    double least = 1;
    for (std::size_t place = order.size(); place > 0; --place) {
        const std::size_t i = order[place - 1];
        least = std::min(least, *p_values[i] * count / static_cast<double>(place));
        adjusted[i] = least;
    }
    return adjusted;
}

std::optional<std::int64_t> usersNeeded(double conversion, double margin) {
    if (conversion <= 0 || conversion >= 1) return std::nullopt;
    const double users =
        std::ceil(kSampleSizeFactor * (1 - conversion) / (conversion * margin * margin));
    return static_cast<std::int64_t>(std::min(users, 9e18));
}

std::vector<double> shapleyParts(std::span<const double> here, std::span<const double> there) {
    CHECK(here.size() == there.size() && !here.empty(), "the same factors on both sides");
    std::vector<double> parts;
    for (std::size_t i = 0; i < here.size(); ++i) {
        // Of a product the Shapley value is an integral: of the other factors, each on its way
        // from there to here. `terms` are the coefficients of that polynomial.
        std::vector<double> terms = {1};
        for (std::size_t j = 0; j < here.size(); ++j) {
            if (j == i) continue;
            terms.push_back(0);
            for (std::size_t power = terms.size() - 1; power > 0; --power)
                terms[power] = terms[power] * there[j] + terms[power - 1] * (here[j] - there[j]);
            terms[0] *= there[j];
        }
        double others = 0;
        for (std::size_t power = 0; power < terms.size(); ++power)
            others += terms[power] / static_cast<double>(power + 1);
        parts.push_back(100.0 * (here[i] - there[i]) * others);
    }
    return parts;
}

std::optional<Shrinkage> shrinkageOf(std::span<const Proportion> groups) {
    if (groups.empty()) return std::nullopt;
    std::int64_t hits = 0;
    std::int64_t count = 0;
    for (const Proportion& group : groups) {
        hits += group.hits;
        count += group.count;
    }
    const auto all = static_cast<double>(count);
    const double mean = static_cast<double>(hits) / all;
    double spread = 0;
    double weight = 0;
    for (const Proportion& group : groups) {
        const auto n = static_cast<double>(group.count);
        const double off = static_cast<double>(group.hits) / n - mean;
        spread += n * off * off;
        weight += (1 - n / all) * (n - 1);
    }
    if (hits == 0 || hits == count || weight == 0) return Shrinkage{.mean = mean};
    const double excess = spread / (mean * (1 - mean)) - static_cast<double>(groups.size() - 1);
    return Shrinkage{.mean = mean, .correlation = std::clamp(excess / weight, 0.0, 1.0)};
}

std::optional<double> priorUsers(const Shrinkage& shrinkage) {
    if (shrinkage.correlation == 0) return std::nullopt;
    return (1 - shrinkage.correlation) / shrinkage.correlation;
}

double shrunken(Proportion group, const Shrinkage& shrinkage) {
    const auto n = static_cast<double>(group.count);
    const double own = n * shrinkage.correlation;
    const double weight = own / (own + (1 - shrinkage.correlation));
    return weight * (static_cast<double>(group.hits) / n) + (1 - weight) * shrinkage.mean;
}

}  // namespace footfall
