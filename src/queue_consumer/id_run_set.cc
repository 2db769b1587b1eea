#include "queue_consumer/id_run_set.h"

#include <algorithm>
#include <array>
#include <utility>

#include "support/check.h"

namespace footfall {

IdRunSet::IdRunSet(std::vector<std::shared_ptr<const IdRun>> runs) : runs_(std::move(runs)) {
    std::ranges::sort(runs_, {}, [](const auto& run) { return run->info().number; });
    for (const auto& run : runs_) place(*run);
    std::ranges::sort(layers_, {}, &Layer::tier);
}

void IdRunSet::place(const IdRun& run) {
    const auto [number, tier, slice, count] = run.info();
    for (Layer& layer : layers_)
        if (layer.tier == tier && layer.by_slice[slice] == nullptr) {
            layer.by_slice[slice] = &run;
            return;
        }
    layers_.push_back(
        {.tier = tier, .by_slice = std::vector<const IdRun*>(std::size_t{1} << sliceBitsOf(tier))});
    layers_.back().by_slice[slice] = &run;
}

std::uint64_t IdRunSet::idCount() const {
    std::uint64_t sum = 0;
    for (const auto& run : runs_) sum += run->info().count;
    return sum;
}

std::size_t IdRunSet::filterBytes() const {
    std::size_t sum = 0;
    for (const auto& run : runs_) sum += run->filter().bytes();
    return sum;
}

Result<IdPositives> IdRunSet::find(std::span<IdLookup> lookups) const {
    CHECK(lookups.size() <= kLookupsMax, "as many lookups as overlap well");
    IdPositives positives;
    for (const Layer& layer : layers_)
        if (auto done = findIn(layer, lookups, positives); !done)
            return std::unexpected(done.error());
    return positives;
}

Result<void> IdRunSet::findIn(const Layer& layer, std::span<IdLookup> lookups,
                              IdPositives& positives) {
    std::array<const IdRun*, kLookupsMax> runs;
    std::array<IdFilter::Bucket, kLookupsMax> buckets;
    for (std::size_t i = 0; i < lookups.size(); ++i) {
        runs[i] = lookups[i].found ? nullptr : layer.runOf(lookups[i].entry.hash());
        if (runs[i]) runs[i]->filter().prefetchBucket(runs[i]->filterHash(lookups[i].entry.hash()));
    }
    for (std::size_t i = 0; i < lookups.size(); ++i) {
        if (!runs[i]) continue;
        buckets[i] = runs[i]->filter().bucketOf(runs[i]->filterHash(lookups[i].entry.hash()));
        runs[i]->filter().prefetch(buckets[i]);
    }
    for (std::size_t i = 0; i < lookups.size(); ++i) {
        if (!runs[i]) continue;
        const IdFilter::Positions positions = runs[i]->filter().positionsOf(buckets[i]);
        if (positions.empty()) continue;
        const auto payload_hash = runs[i]->find(lookups[i].entry, positions);
        if (!payload_hash) return std::unexpected(payload_hash.error());
        ++(*payload_hash ? positives.confirmed : positives.false_ones);
        lookups[i].found = payload_hash->has_value();
        lookups[i].payload_hash = payload_hash->value_or(0);
    }
    return {};
}

}  // namespace footfall
