#include "in_memory_queue/journal_recovery.h"

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "in_memory_queue/found_segment.h"
#include "in_memory_queue/segment_salvage.h"
#include "support/check.h"
#include "support/crash_point.h"
#include "support/log.h"

namespace footfall {
namespace {

// One recovery. The steps are in the order in which they run.
class Recovery {
  public:
    Recovery(const JournalOptions& options, FileSystem& files, const Clock& clock,
             SequenceNumber position, JournalSegments& segments)
        : options_(options),
          files_(files),
          clock_(clock),
          position_(position.value),
          segments_(segments) {}

    Result<RecoveredJournal> run() {
        for (const auto step : {&Recovery::findFiles, &Recovery::scanSegments})
            if (Result<void> done = (this->*step)(); !done) return std::unexpected(done.error());
        learnWhatIsDurable();
        for (std::size_t i = first_scanned_; i < found_.size(); ++i) arrange(found_[i]);
        finishNumbers();
        crashPoint("journal.after_recovery_scan");
        for (const auto step :
             {&Recovery::repairSegments, &Recovery::startNewSegment, &Recovery::cleanUp})
            if (Result<void> done = (this->*step)(); !done) return std::unexpected(done.error());
        return std::move(result_);
    }

  private:
    Result<void> findFiles();
    Result<void> findFile(const std::string& name);
    void linkSegments();
    Result<void> scanSegments();
    void learnWhatIsDurable();
    void arrange(FoundSegment& segment);
    void judgeGap(const FoundSegment& segment, const FoundGap& gap);
    void keep(FoundSegment& segment, const FoundRecord& record, std::vector<KeptRecord>& kept);
    void countLost(std::uint64_t from, std::uint64_t to);
    void finishNumbers();
    Result<void> repairSegments();
    Result<void> startNewSegment();
    void addToJournal(std::size_t index);
    Result<void> copyTail(const SegmentHeader& header, std::vector<std::byte>& out);
    Result<void> cleanUp();
    bool isRepaired(const FoundSegment& segment) const;
    std::uint64_t endOf(const FoundSegment& segment) const;
    bool isCut(std::size_t index) const;

    std::string in(const std::string& name) const { return options_.folder + "/" + name; }
    bool isNewest(const FoundSegment& segment) const { return &segment == newest_; }
    const FoundSegment* nextWithRecords(const FoundSegment& segment) const;

    const JournalOptions& options_;
    FileSystem& files_;
    const Clock& clock_;
    const std::uint64_t position_;
    JournalSegments& segments_;

    std::vector<FoundSegment> found_;  // by id
    std::size_t first_scanned_ = 0;
    FoundSegment* newest_ = nullptr;  // of those with records
    std::optional<std::uint64_t> salt_;
    std::uint64_t durable_ = 0;               // everything up to here was known durable
    std::uint64_t expected_ = 0;              // number of the next event
    bool damaged_ = false;                    // the segment that is being arranged
    std::uint64_t kept_end_ = kRecordsBegin;  // in the newest one: of what stays in its file
    std::vector<KeptRecord> tail_;            // of the newest one: what moves to the new segment
    struct Repair {
        const FoundSegment* segment;
        std::vector<KeptRecord> kept;
    };
    std::vector<Repair> repairs_;
    RecoveredJournal result_;
};

Result<void> Recovery::findFiles() {
    if (Result<void> created = files_.createDirectory(options_.folder); !created) return created;
    const Result<std::vector<std::string>> names = files_.list(options_.folder);
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names)
        if (Result<void> found = findFile(name); !found) return found;
    linkSegments();
    return {};
}

Result<void> Recovery::findFile(const std::string& name) {
    if (name.ends_with(kNewSuffix)) return files_.remove(in(name));
    if (const auto id = idInName(name, kSpareSuffix)) {
        const Result<FoundSegment> spare = FoundSegment::open(files_, *id, in(name));
        if (!spare || spare->size != options_.segment_bytes || segments_.hasSpare())
            return files_.remove(in(name));
        segments_.addSpare(*id, spare->size);
        return {};
    }
    const auto id = idInName(name, kSegmentSuffix);
    if (!id) return {};
    Result<FoundSegment> segment = FoundSegment::open(files_, *id, in(name));
    if (!segment) return std::unexpected(segment.error());
    if (segment->header) salt_ = segment->header->salt;
    found_.push_back(std::move(*segment));
    return {};
}

// What a segment's header says about the one before it.
void Recovery::linkSegments() {
    for (std::size_t i = 0; i < found_.size(); ++i) {
        FoundSegment& segment = found_[i];
        if (!segment.header) segment.key = SegmentKey::of(segment.id, salt_.value_or(0));
        if (i + 1 == found_.size() || !found_[i + 1].header || segment.limit_is_exact) continue;
        const SegmentHeader& next = *found_[i + 1].header;
        if (next.previous_id != segment.id) continue;
        segment.limit = next.previous_end;
        segment.limit_is_exact = true;
    }
}

Result<void> Recovery::scanSegments() {
    first_scanned_ = found_.size();
    bool needed = true;
    while (first_scanned_ > 0 && (needed || newest_ == nullptr)) {
        FoundSegment& segment = found_[--first_scanned_];
        if (Result<void> scanned = segment.scan(files_); !scanned) return scanned;
        if (newest_ == nullptr && !segment.empty()) newest_ = &segment;
        // The records of an older one matter one by one only where something is wrong.
        if (&segment != newest_ && segment.clean() && segment.contiguous) segment.records = {};
        ++result_.report.scanned;
        result_.report.records += segment.record_count;
        // Everything above the position is in this one and those after it.
        if (segment.header && segment.header->first <= position_ + 1) needed = false;
    }
    result_.report.closed_cleanly = newest_ != nullptr && newest_->closed;
    return {};
}

void Recovery::learnWhatIsDurable() {
    durable_ = position_;
    for (const FoundSegment& segment : found_) durable_ = std::max(durable_, segment.durable);
    // A segment is begun only when all before it is durable.
    if (newest_ != nullptr) durable_ = std::max(durable_, newest_->first - 1);
    expected_ = position_ + 1;
    if (first_scanned_ < found_.size()) expected_ = found_[first_scanned_].first;
    if (expected_ == 0) expected_ = position_ + 1;  // nothing is known of it
}

// Which of its records are kept, under which numbers.
void Recovery::arrange(FoundSegment& segment) {
    damaged_ = !segment.header || !segment.in_order;
    if (!segment.header) {
        result_.report.damage.bytes += kRecordsBegin;
        ++result_.report.damage.places;
    }
    for (const FoundGap& gap : segment.gaps) judgeGap(segment, gap);
    std::vector<KeptRecord> kept;
    if (segment.records.empty() && !segment.empty()) {  // clean, and forgotten
        countLost(expected_, segment.first);
        expected_ = std::max(expected_, segment.after);
    } else {
        std::ranges::sort(segment.records, [](const auto& left, const auto& right) {
            return std::tie(left.first, left.ordinal, left.offset) <
                   std::tie(right.first, right.ordinal, right.offset);
        });
        for (const FoundRecord& record : segment.records) keep(segment, record, kept);
    }
    if (damaged_) repairs_.push_back({.segment = &segment, .kept = std::move(kept)});
}

void Recovery::judgeGap(const FoundSegment& segment, const FoundGap& gap) {
    JournalRecoveryReport& report = result_.report;
    const bool within = gap.offset < segment.end;
    bool missing = gap.before <= durable_;
    if (!within) {
        const FoundSegment* next = nextWithRecords(segment);
        if (segment.limit_is_exact)
            missing = true;
        else if (next != nullptr)
            missing = next->first > gap.before;
    }
    const bool recycled = segment.header && (segment.header->flags & SegmentHeader::kRecycled) != 0;
    if (missing) {
        damaged_ = true;
        ++report.damage.places;
        if (within || !gap.zeros) report.damage.bytes += gap.bytes;
    } else if (within || (!gap.zeros && !recycled)) {
        report.torn_bytes += gap.bytes;
    }
}

void Recovery::keep(FoundSegment& segment, const FoundRecord& record,
                    std::vector<KeptRecord>& kept) {
    const bool again = (record.count > 0 && record.after() <= expected_) ||
                       (!kept.empty() && kept.back().found.first == record.first &&
                        kept.back().found.ordinal == record.ordinal);
    if (again) {
        damaged_ = true;
        ++result_.report.damage.places;
        result_.report.damage.bytes += record.bytes;
        return;
    }
    // Numbers that were durable stay as they are, and so do the gaps between them. Above them
    // nobody has seen any: those of a torn record are given to the ones after it.
    const std::uint64_t first =
        std::max(expected_, std::min(record.first, std::max(durable_ + 1, expected_)));
    countLost(expected_, first);
    expected_ = first + record.count;
    const KeptRecord one{.found = record, .first = first};
    if (first != record.first && record.count > 0) ++result_.report.renumbered_records;
    // A damaged file is written anew as a whole, and its tail with it.
    if (isNewest(segment) && first > durable_ && !record.close && !damaged_) {
        tail_.push_back(one);
        return;
    }
    // A close record has said what it had to. Nothing proves that it is on the disk, so it goes.
    if (record.close) return;
    if (isNewest(segment)) kept_end_ = std::max(kept_end_, record.offset + record.bytes);
    kept.push_back(one);
}

void Recovery::countLost(std::uint64_t from, std::uint64_t to) {
    from = std::max(from, position_ + 1);
    if (to > from) result_.report.lost_events += to - from;
}

void Recovery::finishNumbers() {
    countLost(expected_, durable_ + 1);
    expected_ = std::max(expected_, durable_ + 1);
    result_.next = {expected_};
    result_.report.rewritten_records = tail_.size();
}

Result<void> Recovery::repairSegments() {
    for (const Repair& repair : repairs_) {
        const Result<std::string> quarantined = salvageSegment(
            options_, files_, *repair.segment, salt_.value_or(0), durable_, repair.kept);
        if (!quarantined) return std::unexpected(quarantined.error());
        result_.report.quarantined.push_back(*quarantined);
    }
    return {};
}

Result<void> Recovery::startNewSegment() {
    SegmentHeader header{.id = 1,
                         .salt = salt_ ? *salt_ : Random(options_.random_seed).next(),
                         .first = tail_.empty() ? expected_ : tail_.front().first,
                         .durable = durable_};
    for (std::size_t i = 0; i < found_.size(); ++i) {
        addToJournal(i);
        header.id = found_[i].id + 1;
        header.previous_id = found_[i].id;
        header.previous_end = endOf(found_[i]);
    }
    result_.report.segments = segments_.count();

    std::vector<std::byte> records;
    if (Result<void> copied = copyTail(header, records); !copied) return copied;
    Result<CreatedSegment> made =
        SegmentMaker(options_, files_, clock_, segments_).makeWith(header, records);
    if (!made) return std::unexpected(made.error());
    result_.current = std::move(*made);
    result_.header = header;
    return {};
}

void Recovery::addToJournal(std::size_t index) {
    const FoundSegment& segment = found_[index];
    const std::uint64_t end = endOf(segment);
    if (end <= kRecordsBegin) return;
    auto entry = std::make_shared<JournalSegment>();
    entry->id = segment.id;
    entry->path = segment.path;
    entry->key = segment.key;
    entry->first = {segment.first};
    entry->file_bytes = isCut(index) || isRepaired(segment) ? end : segment.size;
    entry->end.store(end, std::memory_order_release);
    const std::int64_t created_at = segment.header ? segment.header->created_at_us : 0;
    segments_.add(std::move(entry), utcFromMicros(created_at));
}

Result<void> Recovery::copyTail(const SegmentHeader& header, std::vector<std::byte>& out) {
    if (tail_.empty()) return {};
    const auto file = files_.open(newest_->path, OpenMode::kRead);
    if (!file) return std::unexpected(file.error());
    for (const KeptRecord& record : tail_) {
        const RecordPlace place{.key = SegmentKey::of(header.id, header.salt),
                                .first = record.first,
                                .durable = durable_,
                                .ordinal = result_.next_ordinal++};
        if (Result<void> copied = copyRecord(**file, record, place, out); !copied) return copied;
    }
    return {};
}

// Only now that the new segment has what was taken from the old one. Oldest first: the end of a
// segment is known from the header of the next one, so it is made the end of the file, durably,
// before that one goes.
Result<void> Recovery::cleanUp() {
    for (std::size_t i = 0; i < found_.size(); ++i) {
        const FoundSegment& segment = found_[i];
        const std::uint64_t end = endOf(segment);
        if (isRepaired(segment)) continue;
        if (end <= kRecordsBegin) {
            if (Result<void> removed = files_.remove(segment.path); !removed) return removed;
        } else if (isCut(i)) {
            const auto file = files_.open(segment.path, OpenMode::kReadWrite);
            if (!file) return std::unexpected(file.error());
            if (segment.size > end)
                if (Result<void> cut = (*file)->truncate(end); !cut) return cut;
            crashPoint("journal.after_recovery_cut");
            // Even one that was found so short: whoever cut it may have been killed before this.
            if (Result<void> synced = (*file)->syncData(); !synced) return synced;
        }
        crashPoint("journal.after_recovery_clean_up");
    }
    return {};
}

bool Recovery::isRepaired(const FoundSegment& segment) const {
    return std::ranges::find(repairs_, &segment, &Repair::segment) != repairs_.end();
}

// Where the records end that stay in its file. kRecordsBegin: none does, and the file goes.
std::uint64_t Recovery::endOf(const FoundSegment& segment) const {
    const auto repair = std::ranges::find(repairs_, &segment, &Repair::segment);
    if (repair != repairs_.end()) return kRecordsBegin + bytesOf(repair->kept);
    if (isNewest(segment)) return kept_end_;
    return segment.scanned ? segment.end : std::min(segment.limit, segment.size);
}

// Whether its file is made as short as its records are.
bool Recovery::isCut(std::size_t index) const {
    return isNewest(found_[index]) ||
           (index + 1 < found_.size() && endOf(found_[index + 1]) <= kRecordsBegin);
}

const FoundSegment* Recovery::nextWithRecords(const FoundSegment& segment) const {
    for (const FoundSegment& other : found_)
        if (other.id > segment.id && !other.empty()) return &other;
    return nullptr;
}

}  // namespace

void logRecovery(const JournalRecoveryReport& report) {
    if (report.torn_bytes > 0)
        spdlog::info("journal: {} bytes of an unfinished, unacknowledged group were cut off",
                     report.torn_bytes);
    if (report.damaged())
        spdlog::error("journal: damage in {} places, {} bytes; {} events are lost",
                      report.damage.places, report.damage.bytes, report.lost_events);
    for (const std::string& path : report.quarantined)
        spdlog::error("journal: a damaged segment is kept as {}", path);
}

Result<RecoveredJournal> recoverJournal(const JournalOptions& options, FileSystem& files,
                                        const Clock& clock, SequenceNumber position,
                                        JournalSegments& segments) {
    return Recovery(options, files, clock, position, segments).run();
}

}  // namespace footfall
