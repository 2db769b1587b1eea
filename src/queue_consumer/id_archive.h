#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "event/sequence.h"
#include "queue_consumer/id_entry.h"
#include "queue_consumer/id_manifest.h"
#include "queue_consumer/id_merge.h"
#include "queue_consumer/id_run_set.h"
#include "queue_consumer/id_set.h"
#include "support/file.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/random.h"
#include "support/result.h"

namespace footfall {

// IdArchive: the ids of events stored up to a number, in a folder of runs; every id once.
// Threads: runs() any thread; the others one at a time.
// Bounds: memory is the filters, 2.27 bytes an id; merges keep at most three runs of a tier and
//   slice, so the number of filters to ask grows as the logarithm of the ids.
// Durability: what add() returned success for survives a crash. The manifest is replaced as a
//   whole, so the folder always holds one archive or none, and files that it does not name are
//   removed by the next open(). It can be made again from the database at any time.
// Errors: kMalformed when a file is damaged: clear() and fill it again; else the disk's: nothing
//   has changed, try again.
// Source: size-tiered compaction (Cassandra); the manifest is LevelDB's idea.
class IdArchive {
  public:
    static constexpr std::size_t kRunsPerMerge = 4;

    // `random_seed` draws the keys, which nobody outside may know.
    IdArchive(FileSystem& files, std::string folder, Metrics& metrics,
              std::uint64_t random_seed = randomSeed());

    // Reads the folder, or makes it. What is damaged, or covers more than `stored`, the last number
    // the database has decided, is thrown away: covered() says what is left.
    [[nodiscard]] Result<void> open(SequenceNumber stored);
    // Throws everything away.
    [[nodiscard]] Result<void> clear();

    IdKey key() const { return key_; }
    // Every stored id up to here is in the archive, and no other.
    SequenceNumber covered() const { return covered_; }
    // Never null.
    std::shared_ptr<const IdRunSet> runs() const;

    // REQUIRES: the ids are those stored above covered() up to `covered`, made under key().
    [[nodiscard]] Result<void> add(const IdSet& ids, SequenceNumber covered);
    // Between these the runs are a part of the archive only, and not on the disk for open().
    [[nodiscard]] Result<void> beginFilling();
    [[nodiscard]] Result<void> endFilling(SequenceNumber covered);
    // Does a small part of what there is to merge; false: nothing.
    [[nodiscard]] Result<bool> mergeStep();

  private:
    using RunPointers = std::vector<std::shared_ptr<const IdRun>>;
    using Group = std::pair<std::uint32_t, std::uint32_t>;  // tier and slice

    [[nodiscard]] Result<RunPointers> load(const IdManifest& manifest) const;
    [[nodiscard]] Result<void> removeUnlisted();
    [[nodiscard]] Result<std::shared_ptr<const IdRun>> writeRun(const IdSet& ids,
                                                                const IdRunInfo& info) const;
    [[nodiscard]] Result<void> publish(RunPointers next, SequenceNumber covered);
    [[nodiscard]] Result<void> publishMerge(const IdMerge& merge);
    void planMerges();
    void forget();
    void use(RunPointers runs);
    void removeLater(const RunPointers& runs, const RunPointers& unless);
    void removeFile(const std::string& name);
    std::string pathOf(const std::string& name) const { return folder_ + "/" + name; }
    std::string manifestPath() const { return pathOf("manifest"); }

    // Constant after construction.
    FileSystem& files_;
    const std::string folder_;
    prometheus::Gauge& ids_;
    prometheus::Gauge& run_count_;
    prometheus::Gauge& filter_bytes_;
    prometheus::Counter& flushes_;
    prometheus::Counter& merges_done_;

    Random random_;
    IdKey key_;
    SequenceNumber covered_;
    bool filling_ = false;
    std::uint64_t last_number_ = 0;                     // of a run, ever
    std::map<Group, std::shared_ptr<IdMerge>> merges_;  // shared: the one at work may leave
    std::vector<std::string> garbage_;  // files that the manifest on the disk may still name

    mutable Mutex mutex_;
    std::shared_ptr<const IdRunSet> runs_ GUARDED_BY(mutex_) = std::make_shared<IdRunSet>();
};

}  // namespace footfall
