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
    std::array<Probe, kLookupsMax> room;
    const auto probes = std::span(room).first(lookups.size());
    if (!layers_.empty()) layers_.front().prefetch(lookups);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        layers_[i].probe(lookups, probes);
        // On its way while this layer's remainders are compared.
        if (i + 1 < layers_.size()) layers_[i + 1].prefetch(lookups);
        if (auto done = confirm(probes, lookups, positives); !done)
            return std::unexpected(done.error());
    }
    return positives;
}

void IdRunSet::Layer::prefetch(std::span<const IdLookup> lookups) const {
    for (const IdLookup& lookup : lookups)
        if (const IdRun* const run = runOf(lookup))
            run->filter().prefetchBucket(run->filterHash(lookup.entry.hash()));
}

void IdRunSet::Layer::probe(std::span<const IdLookup> lookups, std::span<Probe> probes) const {
    for (std::size_t i = 0; i < lookups.size(); ++i) {
        const IdRun* const run = runOf(lookups[i]);
        probes[i].run = run;
        if (run == nullptr) continue;
        probes[i].bucket = run->filter().bucketOf(run->filterHash(lookups[i].entry.hash()));
        run->filter().prefetch(probes[i].bucket);
    }
}

Result<void> IdRunSet::confirm(std::span<const Probe> probes, std::span<IdLookup> lookups,
                               IdPositives& positives) {
    for (std::size_t i = 0; i < lookups.size(); ++i) {
        const auto [run, bucket] = probes[i];
        if (run == nullptr) continue;
        const IdFilter::Positions positions = run->filter().positionsOf(bucket);
        if (positions.empty()) continue;
        const auto payload_hash = run->find(lookups[i].entry, positions);
        if (!payload_hash) return std::unexpected(payload_hash.error());
        ++(*payload_hash ? positives.confirmed : positives.false_ones);
        lookups[i].found = payload_hash->has_value();
        lookups[i].payload_hash = payload_hash->value_or(0);
    }
    return {};
}

}  // namespace footfall
