#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/sequence.h"
#include "in_memory_queue/journal_format.h"
#include "in_memory_queue/journal_options.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/metrics.h"
#include "support/mutex.h"

namespace footfall {

// Names of the files in a journal's folder. Sixteen hex digits, so that they sort by id.
std::string segmentPath(const std::string& folder, std::uint64_t id);
// A segment file that is waiting for its next life.
std::string sparePath(const std::string& folder, std::uint64_t id);
// The id in a name that ends with `suffix`; nullopt for every other name.
std::optional<std::uint64_t> idInName(std::string_view name, std::string_view suffix);
constexpr std::string_view kSegmentSuffix = ".segment";
constexpr std::string_view kSpareSuffix = ".spare";
constexpr std::string_view kNewSuffix = ".new";  // being written; worthless after a crash
constexpr std::string_view kQuarantineSuffix = ".quarantine";

// One segment file of the open journal.
struct JournalSegment {
    std::uint64_t id = 0;
    std::string path;
    SegmentKey key;
    SequenceNumber first;  // that it holds or, while it is empty, is going to
    std::uint64_t file_bytes = 0;
    // Where its durable records end. Stored by the leader after the sync, loaded by readers: what
    // is before it can be read.
    std::atomic<std::uint64_t> end{kRecordsBegin};
};

// JournalSegments: which segment files there are, oldest first, and which are spare. The newest is
// the current one, the only one that grows.
// Threads: all members, any thread.
// Blocks: trim() and giveUpOldest() while they rename or remove a file and sync the folder.
// Bounds: one spare file.
// Owns: the list. Segments are shared with readers, so that a file is not written over or removed
//   while one of them still reads it.
class JournalSegments {
  public:
    using Pointer = std::shared_ptr<JournalSegment>;

    JournalSegments(const JournalOptions& options, FileSystem& files, const Clock& clock,
                    Metrics& metrics);

    // `created_at` of the newest tells when the one before was sealed.
    void add(Pointer segment, UtcTime created_at);
    void addSpare(std::uint64_t id, std::uint64_t bytes);
    struct Spare {
        std::uint64_t id = 0;  // in its name
        std::uint64_t bytes = 0;
    };
    std::optional<Spare> takeSpare();
    bool hasSpare() const;

    // The segment that holds `number` or, when it is beyond all, the current one. Older than all:
    // the oldest.
    Pointer find(SequenceNumber number) const;
    // The one after the segment with this id; nullptr: that is the current one.
    Pointer after(std::uint64_t id) const;
    SequenceNumber firstRetained() const;
    // Of all files, spare ones included.
    std::uint64_t bytes() const;
    std::size_t count() const;
    // Of the current segment; each new one is one higher.
    std::uint64_t newestId() const;

    // Gives up the oldest segments whose events are all numbered `through` or lower, as far as
    // retention allows; never the current one, nor one that is being read. The first becomes the
    // spare if there is none, the others are removed. Errors: kIo | kUnavailable: a file is left
    // over, and is removed by the next trim after a restart.
    [[nodiscard]] Result<void> trim(SequenceNumber through);
    // Gives up the oldest segment if the last trim() was told that the database has it, whatever
    // retention says. false: it may not go.
    [[nodiscard]] bool giveUpOldest();

  private:
    struct Entry {
        Pointer segment;
        UtcTime created_at;
    };
    // Whether the database has it and nobody reads it.
    bool isFree(std::size_t index) const REQUIRES(mutex_);
    bool isCovered(std::size_t index) const REQUIRES(mutex_);
    bool isRetained(std::size_t index, std::uint64_t bytes_before) const REQUIRES(mutex_);
    std::vector<Pointer> takeTrimmed(SequenceNumber through);
    Pointer takeOldest();
    [[nodiscard]] Result<void> discard(const JournalSegment& segment);
    std::uint64_t segmentBytes() const REQUIRES(mutex_);
    std::uint64_t retainedBytes() const REQUIRES(mutex_);
    void updateGauges() REQUIRES(mutex_);

    // Constant after construction.
    const JournalOptions& options_;
    FileSystem& files_;
    const Clock& clock_;
    prometheus::Gauge& bytes_gauge_;
    prometheus::Gauge& retained_gauge_;
    prometheus::Gauge& segments_gauge_;
    prometheus::Counter& trimmed_;

    mutable Mutex mutex_;
    std::vector<Entry> entries_ GUARDED_BY(mutex_);
    std::optional<Spare> spare_ GUARDED_BY(mutex_);
    bool making_spare_ GUARDED_BY(mutex_) = false;
    SequenceNumber covered_ GUARDED_BY(mutex_);  // the highest that trim() was told
};

}  // namespace footfall
