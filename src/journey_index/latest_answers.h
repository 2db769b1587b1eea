#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "event/sequence.h"
#include "report/counted.h"
#include "report/report_parameters.h"
#include "support/mutex.h"

namespace footfall {

// LatestCounts<Counts>: what was counted last, so that the reports of one page, which ask the same
// question beside one another and again in another order or format, count it once.
// Threads: all members, any thread.
// Blocks: of() while it counts, or while another thread counts the same.
// Bounds: kept_max questions, none for longer than age_max: whose window has ended depends on now.
template <class Counts>
class LatestCounts {
  public:
    // Shared by this and the requests that still make a report of it.
    using Kept = std::shared_ptr<const Counted<Counts>>;

    LatestCounts(std::size_t kept_max, std::chrono::seconds age_max)
        : kept_max_(kept_max), age_max_(age_max) {}

    struct Question {
        const ReportParameters& parameters;
        SequenceNumber at_least;  // every event up to here has to be counted
        SequenceNumber applied;   // and every event up to here is, by `count`; not before at_least
        UtcTime now;
    };
    // Errors: those of `count`, told to all who waited for it and not kept.
    Result<Kept> of(const Question& question,
                    const std::function<Result<Counted<Counts>>()>& count) {
        const auto [entry, is_known] = findOrBegin(question);
        return is_known ? awaitAnswer(*entry) : keep(entry, count());
    }

  private:
    struct Entry {
        ReportParameters parameters;
        SequenceNumber applied;
        UtcTime begun_at;
        std::optional<Result<Kept>> answer{};  // none: it is being counted
    };
    using EntryPointer = std::shared_ptr<Entry>;

    std::pair<EntryPointer, bool> findOrBegin(const Question& question) {
        const MutexLock lock(mutex_);
        const auto known = std::ranges::find_if(entries_, [&](const EntryPointer& entry) {
            return entry->parameters == question.parameters &&
                   entry->applied >= question.at_least &&
                   question.now - entry->begun_at <= age_max_;
        });
        if (known != entries_.end()) {
            entries_.splice(entries_.begin(), entries_, known);
            return {entries_.front(), true};
        }
        std::erase_if(entries_, [&](const EntryPointer& entry) {
            return entry->answer && entry->parameters == question.parameters;
        });
        entries_.push_front(std::make_shared<Entry>(Entry{.parameters = question.parameters,
                                                          .applied = question.applied,
                                                          .begun_at = question.now}));
        if (entries_.size() > kept_max_) entries_.pop_back();
        return {entries_.front(), false};
    }
    Result<Kept> awaitAnswer(const Entry& entry) {
        MutexLock lock(mutex_);
        answered_.wait(lock, [&] { return entry.answer.has_value(); });
        return *entry.answer;
    }
    Result<Kept> keep(const EntryPointer& entry, Result<Counted<Counts>> counts) {
        Result<Kept> answer = std::unexpected(Error{});
        if (counts)
            answer = std::make_shared<const Counted<Counts>>(std::move(*counts));
        else
            answer = std::unexpected(std::move(counts.error()));
        {
            const MutexLock lock(mutex_);
            entry->answer = answer;
            if (!answer) entries_.remove(entry);
        }
        answered_.notify_all();
        return answer;
    }

    const std::size_t kept_max_;
    const std::chrono::seconds age_max_;
    Mutex mutex_;
    std::condition_variable_any answered_;
    std::list<EntryPointer> entries_ GUARDED_BY(mutex_);  // the one asked for last in front
};

}  // namespace footfall
