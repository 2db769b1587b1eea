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
#include "support/clock.h"
#include "support/mutex.h"
#include "support/result.h"

namespace footfall {

// LatestAnswers<Question, Answer>: what was computed last, so that those who ask the same question
// beside one another, as the panels of a page do, or soon again, have it computed once.
// Threads: all members, any thread.
// Blocks: to() while it computes, or while another thread computes the same.
// Bounds: kept_max answers, none for longer than age_max: whose window has ended depends on now.
template <class Question, class Answer>
class LatestAnswers {
  public:
    // Shared by this and those who still use it.
    using Kept = std::shared_ptr<const Answer>;

    LatestAnswers(std::size_t kept_max, std::chrono::seconds age_max)
        : kept_max_(kept_max), age_max_(age_max) {}

    struct Asked {
        const Question& question;
        SequenceNumber applied;  // the answer knows every event up to here, and maybe more
        UtcTime now;
    };
    // Errors: those of `compute`, told to all who waited for it and not kept.
    Result<Kept> to(const Asked& asked, const std::function<Result<Answer>()>& compute) {
        const auto [entry, is_known] = findOrBegin(asked);
        return is_known ? awaitAnswer(*entry) : keep(entry, compute());
    }

  private:
    struct Entry {
        Question question;
        SequenceNumber applied;
        UtcTime begun_at;
        std::optional<Result<Kept>> answer{};  // none: it is being computed
    };
    using EntryPointer = std::shared_ptr<Entry>;

    std::pair<EntryPointer, bool> findOrBegin(const Asked& asked) {
        const MutexLock lock(mutex_);
        const auto known = std::ranges::find_if(entries_, [&](const EntryPointer& entry) {
            return entry->question == asked.question && entry->applied >= asked.applied &&
                   asked.now - entry->begun_at <= age_max_;
        });
        if (known != entries_.end()) {
            entries_.splice(entries_.begin(), entries_, known);
            return {entries_.front(), true};
        }
        std::erase_if(entries_, [&](const EntryPointer& entry) {
            return entry->answer && entry->question == asked.question;
        });
        entries_.push_front(std::make_shared<Entry>(
            Entry{.question = asked.question, .applied = asked.applied, .begun_at = asked.now}));
        if (entries_.size() > kept_max_) entries_.pop_back();
        return {entries_.front(), false};
    }
    Result<Kept> awaitAnswer(const Entry& entry) {
        MutexLock lock(mutex_);
        answered_.wait(lock, [&] { return entry.answer.has_value(); });
        return *entry.answer;
    }
    Result<Kept> keep(const EntryPointer& entry, Result<Answer> computed) {
        Result<Kept> answer = std::unexpected(Error{});
        if (computed)
            answer = std::make_shared<const Answer>(std::move(*computed));
        else
            answer = std::unexpected(std::move(computed.error()));
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
