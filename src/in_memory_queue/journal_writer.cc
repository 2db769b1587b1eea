#include "in_memory_queue/journal_writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "support/check.h"
#include "support/crash_point.h"

namespace footfall {
JournalWriter::JournalWriter(const JournalOptions& options, FileSystem& files, const Clock& clock,
                             JournalSegments& segments, RecoveredJournal recovered,
                             Metrics& metrics)
    : options_(options),
      clock_(clock),
      maker_(options, files, clock, segments),
      bytes_(metrics.counter("journal_written_bytes_total", "Bytes of records written.")),
      syncs_(metrics.counter("journal_syncs_total", "Syncs of groups.")),
      sync_seconds_(metrics.counter("journal_sync_seconds_total", "Time spent in them.")),
      current_(std::move(recovered.current)),
      header_(recovered.header),
      end_(current_.segment->end.load(std::memory_order_relaxed)),
      ordinal_(recovered.next_ordinal),
      committed_ordinal_(recovered.next_ordinal),
      durable_(recovered.next.value - 1) {}

bool JournalWriter::fits(std::size_t bytes) const {
    const std::uint64_t used = end_ + group_.size();
    const std::uint64_t room = std::max(current_.segment->file_bytes, used) - used;
    return bytes <= room && (group_.empty() || group_.size() + bytes <= options_.group_bytes_max);
}

Result<void> JournalWriter::rotate(std::size_t bytes, SequenceNumber next) {
    CHECK(group_.empty(), "a group is in one segment");
    const SegmentHeader header{.id = header_.id + 1,
                               .salt = header_.salt,
                               .first = next.value,
                               .previous_id = header_.id,
                               .previous_end = end_,
                               .durable = durable_};
    Result<CreatedSegment> made = maker_.make(header, bytes);
    if (!made) {
        const Code code = made.error().code;
        if (code == Code::kQueueFull || code == Code::kUnavailable || code == Code::kFatal)
            return std::unexpected(made.error());
        return std::unexpected(journalFatal(made.error()));
    }
    current_ = std::move(*made);
    header_ = header;
    end_ = kRecordsBegin;
    ordinal_ = committed_ordinal_ = 0;
    return {};
}

void JournalWriter::add(const EncodedRecord& record, SequenceNumber first) {
    const std::size_t at = group_.size();
    group_.insert(group_.end(), record.bytes().begin(), record.bytes().end());
    sealRecord(std::span(group_).subspan(at), {.key = current_.segment->key,
                                               .first = first.value,
                                               .durable = durable_,
                                               .ordinal = ordinal_++});
    group_last_ = record.header().count + first.value - 1;
}

Result<void> JournalWriter::commit() {
    Result<void> done = write();
    if (done) done = sync();
    if (done) {
        end_ += group_.size();
        committed_ordinal_ = ordinal_;
        durable_ = group_last_;
        bytes_.Increment(static_cast<double>(group_.size()));
        // Pairs with the load in JournalReader: who sees this end sees the bytes before it.
        current_.segment->end.store(end_, std::memory_order_release);
    }
    ordinal_ = committed_ordinal_;
    group_.clear();
    return done;
}

Result<void> JournalWriter::write() {
    crashPoint("journal.before_write");
    Result<void> written = current_.file->writeAt(end_, group_);
    crashPoint("journal.after_write");
    if (!written) return cutBack(written.error());
    return {};
}

Result<void> JournalWriter::cutBack(const Error& cause) {
    if (cause.code != Code::kUnavailable) return std::unexpected(journalFatal(cause));
    // Whole records of the failed group may stand behind the last good one, with numbers that the
    // next group is given. They must be gone before it is written.
    if (Result<void> cut = current_.file->truncate(end_); !cut)
        return std::unexpected(journalFatal(cut.error()));
    return std::unexpected(cause);
}

Result<void> JournalWriter::sync() {
    if (options_.durability != Durability::kFsync) return {};
    const SteadyTime before = clock_.steadyNow();
    Result<void> synced = current_.file->syncData();
    crashPoint("journal.after_sync");
    syncs_.Increment();
    sync_seconds_.Increment(std::chrono::duration<double>(clock_.steadyNow() - before).count());
    // Never again on this file: a second sync reports success without the bytes
    // (docs/journal_format.md).
    if (!synced) return std::unexpected(journalFatal(synced.error()));
    return {};
}

}  // namespace footfall
