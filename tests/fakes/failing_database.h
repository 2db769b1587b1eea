#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "database/database.h"
#include "support/check.h"
#include "support/mutex.h"
#include "tests/fakes/stored_row_maker.h"

namespace footfall {

// FailingDatabase: keeps ids, counters and what an observer is told in memory, and fails when the
// test says so.
// An event of type "poison" is refused for its content, with all that is in its commit.
// Crashes: what was committed stays, unless the write-ahead log is lost: what no checkpoint has put
// into the database's file goes with it.
// Threads: any.   Lives on: a "restart" is a second consumer on the same object.
class FailingDatabase final : public Database {
  public:
    // How a commit ends whose outcome the caller does not learn.
    enum class Unknown { kHappened, kDidNotHappen };

    struct Committed {
        SequenceRange range;
        std::vector<StoredId> rows;
        std::vector<std::int64_t> quantities;  // of the rows
        EventCounters delta;
        StoredRows stored;                   // without order ids
        std::vector<std::string> order_ids;  // of the rows
    };

    // The next `count` commits fail with `code` and store nothing.
    void failCommits(std::size_t count, Code code) {
        const MutexLock lock(mutex_);
        failures_ = {count, code};
    }
    void leaveNextCommitUnknown(Unknown outcome) {
        const MutexLock lock(mutex_);
        unknown_ = outcome;
    }
    void failCheckpoints(std::size_t count) {
        const MutexLock lock(mutex_);
        checkpoint_failures_ = count;
    }
    // The next `count` scans of rows hand their rows over and break off.
    void failScans(std::size_t count) {
        const MutexLock lock(mutex_);
        scan_failures_ = count;
    }
    void failReopens(std::size_t count, Code code = Code::kUnavailable) {
        const MutexLock lock(mutex_);
        reopen_failures_ = {count, code};
    }
    // A new process opens it.
    void restart() {
        const MutexLock lock(mutex_);
        open_ = true;
    }
    // As restart(), with a write-ahead log that cannot be read and is set aside: codes that went
    // with it are given again, under another identity. Returns the number of commits that are gone.
    std::size_t restartWithoutLog() {
        const MutexLock lock(mutex_);
        open_ = true;
        const std::size_t lost = commits_.size() - checkpointed_commits_;
        commits_.resize(checkpointed_commits_);
        applied_ = checkpointed_;
        maker_ = checkpointed_maker_;
        ++identity_;
        return lost;
    }
    // Commits hang from now on until release().
    void block() {
        const MutexLock lock(mutex_);
        blocked_ = true;
    }
    void release() {
        {
            const MutexLock lock(mutex_);
            blocked_ = false;
        }
        changed_.notify_all();
    }
    // Returns once a commit hangs.
    void waitUntilBlocked() {
        MutexLock lock(mutex_);
        changed_.wait(lock, [this]() REQUIRES(mutex_) { return hanging_; });
    }

    std::size_t attempts() const {
        const MutexLock lock(mutex_);
        return attempts_;
    }
    std::size_t checkpoints() const {
        const MutexLock lock(mutex_);
        return checkpoints_;
    }
    std::size_t reopens() const {
        const MutexLock lock(mutex_);
        return reopens_;
    }
    Applied appliedNow() const {
        const MutexLock lock(mutex_);
        return applied_;
    }
    std::vector<Committed> commits() const {
        const MutexLock lock(mutex_);
        return commits_;
    }
    std::vector<EventId> ids() const {
        const MutexLock lock(mutex_);
        std::vector<EventId> ids;
        for (const Committed& commit : commits_)
            for (const StoredId& row : commit.rows) ids.push_back(row.id);
        return ids;
    }

    Result<void> commit(const Commit& commit) override {
        MutexLock lock(mutex_);
        ++attempts_;
        hanging_ = blocked_;
        changed_.notify_all();
        changed_.wait(lock, [this]() REQUIRES(mutex_) { return !blocked_; });
        hanging_ = false;

        if (!open_) return fail(Code::kFatal, "the database must be reopened");
        if (failures_.first > 0) {
            --failures_.first;
            open_ = failures_.second != Code::kFatal && failures_.second != Code::kUnknownOutcome;
            return fail(failures_.second, "failed by the test");
        }
        if (holdsPoison(commit)) return fail(Code::kContent, "cannot hold \"poison\"");
        const auto unknown = std::exchange(unknown_, std::nullopt);
        if (unknown != Unknown::kDidNotHappen) store(commit);
        if (!unknown) {
            if (observer_ != nullptr) observer_->committed(commit.range, rowsOf(commits_.back()));
            return {};
        }
        open_ = false;
        return fail(Code::kUnknownOutcome, "left unknown by the test");
    }
    Result<Applied> applied() override {
        const MutexLock lock(mutex_);
        return applied_;
    }
    Result<std::uint64_t> storedRows() override { return ids().size(); }
    Result<void> checkpoint() override {
        const MutexLock lock(mutex_);
        ++checkpoints_;
        if (checkpoint_failures_ == 0) {
            checkpointed_commits_ = commits_.size();
            checkpointed_ = applied_;
            checkpointed_maker_ = maker_;
            return {};
        }
        --checkpoint_failures_;
        return fail(Code::kUnavailable, "failed by the test");
    }
    Result<void> reopen() override {
        const MutexLock lock(mutex_);
        ++reopens_;
        if (reopen_failures_.first > 0) {
            --reopen_failures_.first;
            return fail(reopen_failures_.second, "reopen failed by the test");
        }
        open_ = true;
        return {};
    }
    Result<std::vector<StoredId>> storedIds(std::span<const EventId> wanted) override {
        const MutexLock lock(mutex_);
        std::vector<StoredId> found;
        for (const Committed& commit : commits_)
            std::ranges::copy_if(commit.rows, std::back_inserter(found), [&](const StoredId& row) {
                return std::ranges::find(wanted, row.id) != wanted.end();
            });
        return found;
    }
    Result<void> scanIds(SequenceNumber after,
                         const std::function<void(std::span<const StoredId>)>& piece) override {
        for (const Committed& commit : commits())
            if (commit.range.last > after) piece(commit.rows);
        return {};
    }
    void observe(CommitObserver* observer) override {
        const MutexLock lock(mutex_);
        observer_ = observer;
    }
    Result<SequenceNumber> scanRows(SequenceNumber after,
                                    const std::function<void(StoredRows&&)>& piece) override {
        auto reached = rowsWhere([after](const StoredRows& rows,
                                         std::size_t row) { return rows.sequences[row] > after; },
                                 piece);
        const MutexLock lock(mutex_);
        if (scan_failures_ == 0) return reached;
        --scan_failures_;
        return fail(Code::kUnavailable, "a scan broken off by the test");
    }
    Result<SequenceNumber> rowsOfPersons(std::span<const std::uint32_t> persons,
                                         const std::function<void(StoredRows&&)>& piece) override {
        return rowsWhere(
            [persons](const StoredRows& rows, std::size_t row) {
                return std::ranges::find(persons, rows.persons[row]) != persons.end();
            },
            piece);
    }
    Result<std::string> identity() override {
        const MutexLock lock(mutex_);
        return fmt::format("failing-{}", identity_);
    }
    Result<void> storeJourneys(std::span<const Journey>) override { return {}; }
    Result<QueryResult> query(const Query&) override {
        return fail(Code::kInvalidArgument, "the failing database answers no queries");
    }
    Result<QueryResult> queryReadOnly(const Query& asked) override { return query(asked); }

  private:
    static bool holdsPoison(const Commit& commit) {
        return std::ranges::any_of(commit.parts, [](const CommitPart& part) {
            return std::ranges::any_of(part.rows, [&part](std::uint32_t row) {
                return part.batch->value(TextField::kEventType, row) == "poison";
            });
        });
    }
    // What an observer is told; the order ids lie in `committed`.
    static StoredRows rowsOf(const Committed& committed) {
        StoredRows rows = committed.stored;
        rows.order_ids.assign(committed.order_ids.begin(), committed.order_ids.end());
        return rows;
    }
    // A piece for all names, then one for each commit.
    template <class IsWanted>
    Result<SequenceNumber> rowsWhere(const IsWanted& is_wanted,
                                     const std::function<void(StoredRows&&)>& piece) {
        const auto [commits, names, last] = [this] {
            const MutexLock lock(mutex_);
            return std::tuple(commits_, maker_.names(), applied_.last);
        }();
        StoredRows first;
        first.names = names;
        piece(std::move(first));
        for (const Committed& committed : commits) {
            const StoredRows rows = rowsOf(committed);
            StoredRows wanted;
            for (std::size_t row = 0; row < rows.size(); ++row)
                if (is_wanted(rows, row)) appendRow(wanted, rows, row);
            if (wanted.size() > 0) piece(std::move(wanted));
        }
        return last;
    }
    void store(const Commit& commit) REQUIRES(mutex_) {
        CHECK(commit.range.first == applied_.last + 1, "commits follow each other");
        Committed committed{.range = commit.range,
                            .rows = {},
                            .quantities = {},
                            .delta = commit.delta,
                            .stored = maker_.rowsOf(commit),
                            .order_ids = {}};
        const std::vector<std::string_view> order_ids =
            std::exchange(committed.stored.order_ids, {});
        committed.order_ids.assign(order_ids.begin(), order_ids.end());
        for (const CommitPart& part : commit.parts)
            for (const std::uint32_t row : part.rows) {
                committed.rows.push_back(
                    {.id = part.batch->ids[row], .payload_hash = part.batch->payload_hashes[row]});
                committed.quantities.push_back(part.batch->quantities[row]);
            }
        CHECK(committed.rows.size() == commit.delta.stored, "the count of the rows is their count");
        commits_.push_back(std::move(committed));
        applied_.last = commit.range.last;
        applied_.totals += commit.delta;
    }

    mutable Mutex mutex_;
    std::condition_variable_any changed_;
    std::pair<std::size_t, Code> failures_ GUARDED_BY(mutex_){0, Code::kUnavailable};
    std::optional<Unknown> unknown_ GUARDED_BY(mutex_);
    std::pair<std::size_t, Code> reopen_failures_ GUARDED_BY(mutex_){0, Code::kUnavailable};
    bool blocked_ GUARDED_BY(mutex_) = false;
    bool hanging_ GUARDED_BY(mutex_) = false;
    bool open_ GUARDED_BY(mutex_) = true;
    std::size_t attempts_ GUARDED_BY(mutex_) = 0;
    std::size_t checkpoints_ GUARDED_BY(mutex_) = 0;
    std::size_t checkpoint_failures_ GUARDED_BY(mutex_) = 0;
    std::size_t scan_failures_ GUARDED_BY(mutex_) = 0;
    std::size_t reopens_ GUARDED_BY(mutex_) = 0;
    CommitObserver* observer_ GUARDED_BY(mutex_) = nullptr;
    std::vector<Committed> commits_ GUARDED_BY(mutex_);
    StoredRowMaker maker_ GUARDED_BY(mutex_);
    std::size_t identity_ GUARDED_BY(mutex_) = 0;
    Applied applied_ GUARDED_BY(mutex_);
    // In the database's file: what the last checkpoint found.
    std::size_t checkpointed_commits_ GUARDED_BY(mutex_) = 0;
    Applied checkpointed_ GUARDED_BY(mutex_);
    StoredRowMaker checkpointed_maker_ GUARDED_BY(mutex_);
};

}  // namespace footfall
