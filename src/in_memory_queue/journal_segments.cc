#include "in_memory_queue/journal_segments.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include <fmt/format.h>

#include "support/check.h"
#include "support/crash_point.h"
#include "support/log.h"

namespace footfall {
namespace {

constexpr std::size_t kIdDigits = 16;

}  // namespace

std::string segmentPath(const std::string& folder, std::uint64_t id) {
    return fmt::format("{}/{:016x}{}", folder, id, kSegmentSuffix);
}

std::string sparePath(const std::string& folder, std::uint64_t id) {
    return fmt::format("{}/{:016x}{}", folder, id, kSpareSuffix);
}

std::optional<std::uint64_t> idInName(std::string_view name, std::string_view suffix) {
    if (name.size() != kIdDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
    std::uint64_t id = 0;
    const std::string digits(name.substr(0, kIdDigits));
    const char* digits_end = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), digits_end, id, 16);
    if (error != std::errc() || end != digits_end || id == 0) return std::nullopt;
    return id;
}

JournalSegments::JournalSegments(const JournalOptions& options, FileSystem& files,
                                 const Clock& clock, Metrics& metrics)
    : options_(options),
      files_(files),
      clock_(clock),
      bytes_gauge_(metrics.gauge("journal_bytes", "Files of the journal, spare ones included.")),
      retained_gauge_(metrics.gauge("journal_retained_bytes",
                                    "Of them, what the database has; goes when room is needed.")),
      segments_gauge_(metrics.gauge("journal_segments", "Segment files of the journal.")),
      trimmed_(metrics.counter("journal_segments_trimmed_total",
                               "Segments given up after a checkpoint covered them.")) {
    metrics.gauge("journal_bytes_max", "Bound of journal_bytes.")
        .Set(static_cast<double>(options.bytes_max));
}

void JournalSegments::add(Pointer segment, UtcTime created_at) {
    const MutexLock lock(mutex_);
    CHECK(entries_.empty() || entries_.back().segment->id < segment->id, "ids only grow");
    entries_.push_back({.segment = std::move(segment), .created_at = created_at});
    updateGauges();
}

void JournalSegments::addSpare(std::uint64_t id, std::uint64_t bytes) {
    const MutexLock lock(mutex_);
    spare_ = {.id = id, .bytes = bytes};
    updateGauges();
}

std::optional<JournalSegments::Spare> JournalSegments::takeSpare() {
    const MutexLock lock(mutex_);
    const std::optional<Spare> taken = spare_;
    spare_.reset();
    updateGauges();
    return taken;
}

bool JournalSegments::hasSpare() const {
    const MutexLock lock(mutex_);
    return spare_.has_value();
}

JournalSegments::Pointer JournalSegments::find(SequenceNumber number) const {
    const MutexLock lock(mutex_);
    CHECK(!entries_.empty(), "an open journal has a current segment");
    // Of several that begin with the same number all but the last are without events.
    const auto after = std::ranges::upper_bound(
        entries_, number, {}, [](const Entry& entry) { return entry.segment->first; });
    return after == entries_.begin() ? after->segment : std::prev(after)->segment;
}

JournalSegments::Pointer JournalSegments::after(std::uint64_t id) const {
    const MutexLock lock(mutex_);
    const auto next = std::ranges::upper_bound(
        entries_, id, {}, [](const Entry& entry) { return entry.segment->id; });
    return next == entries_.end() ? nullptr : next->segment;
}

SequenceNumber JournalSegments::firstRetained() const {
    const MutexLock lock(mutex_);
    CHECK(!entries_.empty(), "an open journal has a current segment");
    return entries_.front().segment->first;
}

std::uint64_t JournalSegments::bytes() const {
    const MutexLock lock(mutex_);
    return segmentBytes() + (spare_ ? spare_->bytes : 0);
}

std::size_t JournalSegments::count() const {
    const MutexLock lock(mutex_);
    return entries_.size();
}

std::uint64_t JournalSegments::newestId() const {
    const MutexLock lock(mutex_);
    CHECK(!entries_.empty(), "an open journal has a current segment");
    return entries_.back().segment->id;
}

Result<void> JournalSegments::trim(SequenceNumber through) {
    for (const Pointer& segment : takeTrimmed(through))
        if (Result<void> done = discard(*segment); !done) return done;
    return {};
}

bool JournalSegments::giveUpOldest() {
    const Pointer segment = takeOldest();
    if (!segment) return false;
    if (const Result<void> done = discard(*segment); !done)
        spdlog::warn("{} could not be given up: {}", segment->path, forLog(done.error().what));
    return true;
}

// Of a segment that is not in the list any more.
Result<void> JournalSegments::discard(const JournalSegment& segment) {
    bool recycle = false;
    {
        const MutexLock lock(mutex_);
        // One that was made too large or cut short by recovery is no good for the next life.
        recycle = !spare_ && !making_spare_ && segment.file_bytes == options_.segment_bytes;
        if (recycle) making_spare_ = true;
    }
    Result<void> done;
    crashPoint("journal.before_trim");
    if (recycle) {
        done = files_.rename(segment.path, sparePath(options_.folder, segment.id));
        crashPoint("journal.after_recycle_rename");
        // Before it is written over its old name must be gone for good.
        if (done) done = files_.syncDirectory(options_.folder);
    } else {
        done = files_.remove(segment.path);
    }
    crashPoint("journal.after_trim");
    const MutexLock lock(mutex_);
    if (recycle) making_spare_ = false;
    if (!done) return done;
    if (recycle) spare_ = {.id = segment.id, .bytes = segment.file_bytes};
    trimmed_.Increment();
    updateGauges();
    return {};
}

std::vector<JournalSegments::Pointer> JournalSegments::takeTrimmed(SequenceNumber through) {
    const MutexLock lock(mutex_);
    covered_ = std::max(covered_, through);
    std::vector<Pointer> taken;
    std::uint64_t bytes = segmentBytes();
    while (isFree(taken.size()) && !isRetained(taken.size(), bytes)) {
        taken.push_back(entries_[taken.size()].segment);
        bytes -= taken.back()->file_bytes;
    }
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(taken.size()));
    updateGauges();
    return taken;
}

JournalSegments::Pointer JournalSegments::takeOldest() {
    const MutexLock lock(mutex_);
    if (!isFree(0)) return nullptr;
    Pointer oldest = std::move(entries_.front().segment);
    entries_.erase(entries_.begin());
    updateGauges();
    return oldest;
}

bool JournalSegments::isFree(std::size_t index) const {
    // A reader that has it open may go on reading it.
    return isCovered(index) && entries_[index].segment.use_count() == 1;
}

bool JournalSegments::isCovered(std::size_t index) const {
    if (index + 1 >= entries_.size()) return false;  // the current one stays
    return entries_[index + 1].segment->first <= covered_ + 1;
}

bool JournalSegments::isRetained(std::size_t index, std::uint64_t bytes_before) const {
    if (bytes_before - entries_[index].segment->file_bytes < options_.retention_bytes) return true;
    // A clock that was set back must not keep everything for ever when no age was asked for.
    return options_.retention_age.count() > 0 &&
           clock_.utcNow() - entries_[index + 1].created_at < options_.retention_age;
}

std::uint64_t JournalSegments::segmentBytes() const {
    return std::accumulate(
        entries_.begin(), entries_.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Entry& entry) { return sum + entry.segment->file_bytes; });
}

std::uint64_t JournalSegments::retainedBytes() const {
    std::uint64_t bytes = 0;
    for (std::size_t index = 0; isCovered(index); ++index)
        bytes += entries_[index].segment->file_bytes;
    return bytes;
}

void JournalSegments::updateGauges() {
    retained_gauge_.Set(static_cast<double>(retainedBytes()));
    bytes_gauge_.Set(static_cast<double>(segmentBytes() + (spare_ ? spare_->bytes : 0)));
    segments_gauge_.Set(static_cast<double>(entries_.size()));
}

}  // namespace footfall
