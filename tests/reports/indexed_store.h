#pragma once

#include <memory>
#include <span>
#include <vector>

#include "event/journey.h"
#include "journey_index/journey_index.h"
#include "support/metrics.h"
#include "tests/fakes/memory_files.h"
#include "tests/reports/report_store.h"

namespace footfall {

// IndexedStore: stores a case's events in a few commits with a journey index beside the database,
// which comes by them in one of the ways in which a server's does.
// Threads: one.   Errors: an aborted test.
class IndexedStore {
  public:
    enum class Way {
        kFollows,   // told of every commit
        kRestarts,  // told of some, written to its files, and restored from them and the database
        kReads,     // restored from the database alone
    };
    static constexpr std::uint64_t kWays = 3;

    // `store` holds these events alone then. Outlived by `store`.
    IndexedStore(ReportStore& store, const Journey& journey, const std::string& currency,
                 const std::vector<StoredEvent>& events, Way way);
    ~IndexedStore();
    IndexedStore(const IndexedStore&) = delete;
    IndexedStore& operator=(const IndexedStore&) = delete;

    JourneyIndex& index() { return *index_; }
    SequenceNumber applied();
    // How many counts it gave so far.
    double counted();

  private:
    double countsFrom(const std::string& way);
    void start();
    void add(std::span<const StoredEvent> events);

    ReportStore& store_;
    const Journey journey_;
    const std::string currency_;
    MemoryFiles files_;
    Metrics metrics_;
    std::unique_ptr<JourneyIndex> index_;
};

}  // namespace footfall
