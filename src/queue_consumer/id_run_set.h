#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "queue_consumer/id_entry.h"
#include "queue_consumer/id_run.h"
#include "support/result.h"

namespace footfall {

// What the filters' positives came to.
struct IdPositives {
    std::uint64_t confirmed = 0;
    std::uint64_t false_ones = 0;
};

// IdRunSet: the runs that are the archive at one moment; a change is another set.
// Threads: all const, any thread.
// Cost of a lookup: a filter for each layer, of which there are up to three a tier, and a page read
//   for each positive. Lookups go through a filter together, so that its cache misses overlap.
class IdRunSet {
  public:
    static constexpr std::size_t kLookupsMax = 64;

    IdRunSet() = default;
    explicit IdRunSet(std::vector<std::shared_ptr<const IdRun>> runs);

    const std::vector<std::shared_ptr<const IdRun>>& runs() const { return runs_; }
    std::uint64_t idCount() const;
    std::size_t filterBytes() const;

    // Fills in the answers. REQUIRES: 1 to kLookupsMax lookups, none found.
    // Errors: kMalformed; the answers are worth nothing then.
    [[nodiscard]] Result<IdPositives> find(std::span<IdLookup> lookups) const;

  private:
    // Where a run may hold an id. No run: it is not asked.
    struct Probe {
        const IdRun* run = nullptr;
        IdFilter::Bucket bucket;
    };
    // One run of each slice of a tier.
    struct Layer {
        std::uint32_t tier = 0;
        std::vector<const IdRun*> by_slice;  // nullptr: none

        void prefetch(std::span<const IdLookup> lookups) const;
        void probe(std::span<const IdLookup> lookups, std::span<Probe> probes) const;

      private:
        const IdRun* runOf(const IdLookup& lookup) const {
            return lookup.found ? nullptr : by_slice[sliceOf(lookup.entry.hash(), tier)];
        }
    };
    void place(const IdRun& run);
    static Result<void> confirm(std::span<const Probe> probes, std::span<IdLookup> lookups,
                                IdPositives& positives);

    std::vector<std::shared_ptr<const IdRun>> runs_;  // by number
    std::vector<Layer> layers_;                       // the lower tiers first: younger ids
};

}  // namespace footfall
