#include "main/nearest.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace footfall {
namespace {

// How many letters must be typed, dropped or changed to get from one word to the other
// (Levenshtein's distance, one row of its table at a time).
std::size_t editDistance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    const std::size_t distance_max = word.size() / 3 + 1;
    std::string best;
    std::size_t best_distance = distance_max + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = editDistance(word, candidate);
        if (distance >= best_distance) continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

std::string didYouMean(std::string_view word) {
    return word.empty() ? std::string() : fmt::format("; did you mean {}?", word);
}

}  // namespace footfall
