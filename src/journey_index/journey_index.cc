#include "journey_index/journey_index.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "support/check.h"
#include "support/log.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;

// A commit holds some 11 MB. Those that wait are taken in together, so that an index that falls
// behind has less to do for each.
constexpr std::size_t kWaitingMax = 2;
constexpr milliseconds kIdleWait{100};
constexpr milliseconds kPauseAfterFailure{1'000};
// How long a stop goes on writing files; the others stay as they are, and a start reads more.
constexpr std::chrono::seconds kWriteGrace{2};
// So few events more in the database are read while the commits after them wait.
constexpr std::uint64_t kTailEvents = 200'000;
// All files are written once while so many events come: what a start reads again after a crash.
constexpr std::uint64_t kEventsARound = 12'000'000;
// Without events for so long what has changed is written.
constexpr std::chrono::seconds kIdleBeforeWriting{5};
constexpr std::uint64_t kEventsAnIdleWait = kEventsARound / 50;
constexpr const char* kCounts = "journey_index_counts_total";
constexpr const char* kCountsHelp = "Counts for reports, by where the index took them from.";
constexpr std::uint64_t kNeverWritten = 0;  // no shard has so few edits

PersonQuestion standingQuestion() {
    constexpr std::chrono::microseconds kWindow = std::chrono::hours(7 * 24);
    return {.window_us = kWindow.count()};
}

// Everything that the files' codes and counts depend on.
std::uint64_t identityOf(const Journey& journey, const std::string& currency,
                         const std::string& database) {
    std::string text = fmt::format("1\n{}\n{}\n", database, currency);
    for (const Stage& stage : journey.stages)
        text += fmt::format("{}\n{}\n", stage.optional, fmt::join(stage.event_types, "\n"));
    return XXH3_64bits(text.data(), text.size());
}

}  // namespace

JourneyIndex::JourneyIndex(Options options, Database& database, FileSystem& files,
                           const Clock& clock, Metrics& metrics)
    : options_(std::move(options)),
      database_(database),
      file_system_(files),
      clock_(clock),
      memory_(metrics.gauge("journey_index_bytes", "Memory of the persons' logs.")),
      from_standing_(metrics.counter(kCounts, kCountsHelp, {{"from", "standing"}})),
      from_scan_(metrics.counter(kCounts, kCountsHelp, {{"from", "scan"}})),
      left_to_sql_(metrics.counter(kCounts, kCountsHelp, {{"from", "sql"}})),
      state_(options_.journey, options_.currency, options_.key, standingQuestion()),
      last_taken_(clock.steadyNow()) {}

void JourneyIndex::committed(SequenceRange range, StoredRows&& rows) {
    const Phase now = phase();
    if (now == Phase::kBehind || now == Phase::kClosed) return;
    Waiting waiting{.range = range, .rows = std::move(rows), .orders = {}};
    waiting.orders = state_.orderHashes(waiting.rows);
    waiting.rows.order_ids.clear();  // they end with this call

    MutexLock lock(mutex_);
    changed_.wait(lock, [this]() REQUIRES(mutex_) {
        return waiting_.size() < kWaitingMax || phase_ == Phase::kBehind ||
               phase_ == Phase::kClosed;
    });
    if (phase_ == Phase::kBehind || phase_ == Phase::kClosed) return;
    waiting_.push_back(std::move(waiting));
    changed_.notify_all();
}

void JourneyIndex::run(const std::stop_token& stop) {
    while (!stop.stop_requested() || phase() == Phase::kLive) {
        if (phase() == Phase::kLive) {
            if (takeNext(kIdleWait)) continue;
            if (stop.stop_requested()) break;
            if (clock_.steadyNow() > last_taken_ + kIdleBeforeWriting) writeSome(kEventsAnIdleWait);
        } else if (const auto restored = restore(); !restored) {
            if (is_torn_) {
                spdlog::error("Reports are left to SQL until the next start: {}",
                              forLog(restored.error().what));
                break;
            }
            if (!std::exchange(restore_failed_, true))
                spdlog::warn("The journey index waits for the database: {}",
                             forLog(restored.error().what));
            MutexLock lock(mutex_);
            changed_.wait_for(lock, stop, kPauseAfterFailure, [] { return false; });
        }
    }
    enter(Phase::kClosed);
    writeAll(clock_.steadyNow() + kWriteGrace);
}

Result<void> JourneyIndex::restore() {
    if (!files_) {
        const auto identity = database_.identity();
        if (!identity) return std::unexpected(identity.error());
        const auto applied = database_.applied();
        if (!applied) return std::unexpected(applied.error());
        files_.emplace(file_system_, options_.folder,
                       identityOf(options_.journey, options_.currency, *identity));
        readFiles(applied->last);
    }
    const SteadyTime began = clock_.steadyNow();
    const SequenceNumber before = covered();
    Result<void> live = readUntilLive();
    if (!live) {
        enter(Phase::kBehind);
        return live;
    }
    restore_failed_ = false;
    const std::uint64_t read = covered().value - before.value;
    if (read > kTailEvents)
        spdlog::info("The journey index has read {} events in {} ms", read,
                     std::chrono::duration_cast<milliseconds>(clock_.steadyNow() - began).count());
    return {};
}

// What no file tells is read from the database: from where the files end that end first.
void JourneyIndex::readFiles(SequenceNumber applied) {
    if (auto made = file_system_.createDirectory(options_.folder); !made) return;
    struct Found {
        std::uint32_t highest_person;
        SequenceNumber covered;
    };
    std::vector<Found> found;
    std::vector<std::optional<SequenceNumber>> covered(1);  // [0] of the events of no stage
    const auto read = files_->readAll(applied, [&](IndexFiles::Piece&& piece) {
        const std::size_t at = piece.shard ? *piece.shard + 1 : 0;
        const auto restored = piece.shard
                                  ? state_.logs().restore(*piece.shard, piece.text, piece.covered)
                                  : state_.restoreOutside(piece.text, piece.covered);
        if (!restored) return;
        if (covered.size() <= at) covered.resize(at + 1);
        covered[at] = piece.covered;
        found.push_back({piece.highest_person, piece.covered});
        if (written_.size() <= at) written_.resize(at + 1, kNeverWritten);
        if (piece.shard) written_[at] = state_.logs().edits(*piece.shard);
        highest_person_ = std::max(highest_person_, piece.highest_person);
    });
    if (!read) spdlog::warn("The journey index's files: {}", forLog(read.error().what));

    // A shard without a file begins where some file ends that has none of its persons yet.
    covered.resize(2 + highest_person_ / LogShard::kPersons);
    SequenceNumber from = applied;
    for (std::size_t at = 0; at < covered.size(); ++at) {
        SequenceNumber of_piece = covered[at].value_or(SequenceNumber{});
        if (!covered[at] && at > 0)
            for (const Found& file : found)
                if (file.highest_person <= (at - 1) * LogShard::kPersons)
                    of_piece = std::max(of_piece, file.covered);
        from = std::min(from, of_piece);
    }
    cover(from);
}

Result<SequenceNumber> JourneyIndex::readDatabase() {
    if (is_torn_) return fail(Code::kFatal, "an earlier scan of the database broke off");
    auto reached = database_.scanRows(covered(), [this](StoredRows&& rows) {
        is_torn_ = true;
        const std::vector<std::uint64_t> orders = state_.orderHashes(rows);
        state_.add({rows, orders});
        noteHighestPerson(rows);
    });
    if (reached) is_torn_ = false;
    return reached;
}

Result<void> JourneyIndex::readUntilLive() {
    for (bool is_tail = false; !is_tail;) {
        const auto reached = readDatabase();
        if (!reached) return std::unexpected(reached.error());
        is_tail = reached->value - covered().value < kTailEvents;
        cover(*reached);
    }
    if (!std::exchange(counting_, true)) state_.startCounting();
    enter(Phase::kListening);
    const auto reached = readDatabase();
    if (!reached) return std::unexpected(reached.error());
    cover(*reached);
    enter(Phase::kLive);
    return {};
}

bool JourneyIndex::takeNext(milliseconds wait) {
    std::vector<Waiting> next;
    SequenceNumber last;
    {
        MutexLock lock(mutex_);
        changed_.wait_for(lock, wait, [this]() REQUIRES(mutex_) {
            return !waiting_.empty() || asked_ > covered_;
        });
        if (phase_ != Phase::kLive) return false;
        for (last = covered_; !waiting_.empty() && waiting_.front().range.first <= last + 1;
             waiting_.pop_front()) {
            Waiting& front = waiting_.front();
            if (front.range.last <= last) continue;
            CHECK(front.range.first == last + 1, "commits come one after the other");
            last = front.range.last;
            next.push_back(std::move(front));
        }
        if (next.empty() && (!waiting_.empty() || asked_ > covered_)) {
            // A commit whose outcome was not known had happened.
            phase_ = Phase::kBehind;
            waiting_.clear();
        }
        changed_.notify_all();
    }
    if (next.empty()) return false;
    std::vector<JourneyState::Rows> all;
    for (const Waiting& commit : next) all.push_back({commit.rows, commit.orders});
    state_.add(all);
    std::uint64_t rows = 0;
    for (const Waiting& commit : next) {
        noteHighestPerson(commit.rows);
        rows += commit.range.count();
    }
    cover(last);
    last_taken_ = clock_.steadyNow();
    writeSome(rows);
    return true;
}

void JourneyIndex::noteHighestPerson(const StoredRows& rows) {
    for (const std::uint32_t person : rows.persons)
        highest_person_ = std::max(highest_person_, person);
}

void JourneyIndex::enter(Phase phase) {
    const MutexLock lock(mutex_);
    phase_ = phase;
    if (phase == Phase::kBehind) waiting_.clear();
    changed_.notify_all();
}

JourneyIndex::Phase JourneyIndex::phase() const {
    const MutexLock lock(mutex_);
    return phase_;
}

SequenceNumber JourneyIndex::covered() const {
    const MutexLock lock(mutex_);
    return covered_;
}

void JourneyIndex::cover(SequenceNumber last) {
    const MutexLock lock(mutex_);
    covered_ = last;
    changed_.notify_all();
}

// Some of the files, so many that all are brought up once in kEventsARound; those of new shards at
// once: a shard without a file costs a start the most.
void JourneyIndex::writeSome(std::uint64_t rows) {
    const std::size_t pieces = state_.logs().shardCount() + 1;
    while (written_.size() < pieces) {
        written_.push_back(kNeverWritten);
        writePiece(written_.size() - 1);
    }
    pieces_due_ += static_cast<double>(rows * pieces) / static_cast<double>(kEventsARound);
    for (; pieces_due_ >= 1; pieces_due_ -= 1) writePiece(next_piece_++ % pieces);
    memory_.Set(static_cast<double>(state_.logs().bytes()));
}

void JourneyIndex::writeAll(SteadyTime deadline) {
    if (!files_ || is_torn_) return;
    const std::size_t pieces = state_.logs().shardCount() + 1;
    written_.resize(pieces, kNeverWritten);
    for (std::size_t i = 0; i < pieces && clock_.steadyNow() < deadline; ++i)
        writePiece(next_piece_++ % pieces);
}

void JourneyIndex::writePiece(std::size_t piece) {
    IndexFiles::Piece content{
        .shard = std::nullopt, .covered = covered(), .highest_person = highest_person_, .text = {}};
    Result<void> written;
    if (piece == 0) {
        content.text = state_.outsideText();
        written = files_->write(content);
    } else {
        content.shard = static_cast<std::uint32_t>(piece - 1);
        const std::uint64_t edits = state_.logs().edits(piece - 1);
        if (written_[piece] == edits) {
            written = files_->coverMore(content);
        } else {
            content.text = state_.logs().text(piece - 1);
            written = files_->write(content);
        }
        written_[piece] = written ? edits : kNeverWritten;
    }
    if (!written && !std::exchange(write_failed_, true))
        spdlog::warn("The journey index's files cannot be written; a start will take longer: {}",
                     forLog(written.error().what));
    if (written) write_failed_ = false;
}

}  // namespace footfall
