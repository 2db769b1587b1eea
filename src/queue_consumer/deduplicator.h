#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "database/database.h"
#include "event/event_id.h"
#include "event/payload_hash.h"
#include "event/sequence.h"
#include "queue_consumer/id_archive.h"
#include "queue_consumer/id_window.h"
#include "support/file.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/random.h"
#include "support/result.h"

namespace footfall {

struct DeduplicatorOptions {
    // Ids of a generation: when so many are in the young one it is written to the archive. 22 to 43
    // bytes an id, 2.3 once it is there.
    std::size_t generation_ids = 500'000;
    // Generations in memory: the young one, the one before it, which answers for what is resent at
    // once, and one that the archive has not taken yet. With more the consumer waits.
    std::size_t generations_max = 3;
    std::uint64_t random_seed = randomSeed();  // draws the archive's keys
};

// Deduplicator: knows every event id that is stored or on its way into the database, exactly: the
// young ones in memory, the older ones in an archive on the disk.
// Threads: one at a time, the committer's; step() and run() another one's.
// Lifetime of a mark: in memory only, so that a crash forgets what was not committed; who decides
// an id brings its event into the database, however long it takes, or forgets it. A mark reaches
// the archive only by makeRoom(), after its commit.
// Bounds: generations_max generations, of generation_ids and one commit each, and the archive's.
// Blocks: decide() for the archive's reads, a page for an old duplicate; restore() for its writes.
// Errors: decide() kMalformed when the archive is damaged: restore() makes it anew.
class Deduplicator {
  public:
    enum class Verdict : std::uint8_t { kNew, kDuplicate, kConflict };

    Deduplicator(DeduplicatorOptions options, FileSystem& files, const std::string& folder,
                 Metrics& metrics);

    // Reads the archive, or makes it anew if it is damaged or not this database's, and the ids
    // stored since. REQUIRES: no commit is under way, nor in doubt.
    // Errors: the database's, the disk's; the next call begins again.
    [[nodiscard]] Result<void> restore(Database& database);

    // A verdict for each id, in order. kNew marks the id: seen again it is a duplicate, or a
    // conflict if its payload differs. After an error some are marked, and restore() is due.
    [[nodiscard]] Result<std::vector<Verdict>> decide(std::span<const EventId> ids,
                                                      std::span<const PayloadHash> payload_hashes);
    // The id will not be stored after all; its next event is new.
    // REQUIRES: decide() called it new since the last makeRoom().
    void forget(EventId id);
    // As forget(), but for another event of the id, which is stored instead.
    void replace(EventId id, PayloadHash payload_hash);
    // Hands a young generation that is full on to the archive. False: it has not taken those before
    // yet; wait, or let the young one grow.
    // REQUIRES: every marked id is stored, with a number up to `covered`.
    bool makeRoom(SequenceNumber covered);
    // Ids known, in memory and archive.
    std::size_t size() const;

    // One piece of the archive's work: writes a generation, or merges some ids. False: there is
    // nothing to do. Errors: the disk's; nothing is lost, try again.
    [[nodiscard]] Result<bool> step();
    // step() as there is work, for a std::jthread; on a full disk again each second.
    void run(const std::stop_token& stop);

  private:
    [[nodiscard]] Result<void> restoreOnce(Database& database);
    [[nodiscard]] Result<void> readIds(Database& database);
    [[nodiscard]] Result<void> keep(const StoredId& stored);
    [[nodiscard]] Result<void> archiveYoung();
    [[nodiscard]] Result<bool> stepOnce();
    [[nodiscard]] Result<void> lookUp(std::span<IdLookup> lookups, const IdRunSet& runs);
    Verdict mark(const IdLookup& lookup);
    void showSizes();
    [[nodiscard]] Result<void> openArchive(SequenceNumber stored);
    bool needsRestore() const;
    bool damaged() const;
    void foundDamage();
    void wakeWorker();
    void pauseAfterFailure(const std::stop_token& stop);
    void waitForWork(const std::stop_token& stop);

    // Constant after construction.
    const DeduplicatorOptions options_;
    prometheus::Gauge& known_ids_;
    prometheus::Gauge& hot_ids_;
    prometheus::Gauge& generations_;
    prometheus::Counter& confirmed_;
    prometheus::Counter& false_positives_;
    prometheus::Counter& waits_;
    prometheus::Counter& restores_;

    // The committer's, but for what the window allows others.
    IdWindow window_;
    bool filling_ = false;  // restore() found more ids than the window holds

    // Held for a whole step, disk and all, so that step() and restore() never meet; the committer
    // takes it for restore() only. runs() and key() do not need it.
    Mutex step_mutex_;
    IdArchive archive_;

    mutable Mutex mutex_;
    std::condition_variable_any changed_;
    bool needs_restore_ GUARDED_BY(mutex_) = true;
    bool damaged_ GUARDED_BY(mutex_) = false;   // the archive must not be opened again
    bool has_work_ GUARDED_BY(mutex_) = false;  // there may be some for step()
};

}  // namespace footfall
