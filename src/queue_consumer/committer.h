#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "database/database.h"
#include "queue_consumer/commit_plan.h"
#include "queue_consumer/dead_letter.h"
#include "queue_consumer/deduplicator.h"
#include "support/clock.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/random.h"
#include "support/retry.h"

namespace footfall {

// Committer: brings a plan into the database, once, whatever happens on the way.
// Threads: one at a time; applied() any thread.   Blocks: as long as the database does.
// Failures: a commit refused for its content is halved until the guilty events are alone; those go
//   to the dead letters first and are counted in a commit after that, so that a crash between the
//   two repeats a dead letter and loses none. After kFatal or kUnknownOutcome the database is
//   reopened and applied() tells whether the commit happened. Everything else is tried again, with
//   full jitter, for as long as it takes: nothing is ever given up.
class Committer {
  public:
    struct Options {
        BackoffOptions backoff{};
        std::uint64_t random_seed = randomSeed();
    };
    // Told once when the database cannot be opened again because it is damaged: nothing will be
    // stored any more in this life of the process, and a start is what mends it.
    using OnDamaged = std::function<void(const Error&)>;

    Committer(Options options, Database& database, Deduplicator& deduplicator,
              DeadLetters& dead_letters, const Clock& clock, Metrics& metrics);

    // Called on the committing thread. Set before the first step.
    void onDamaged(OnDamaged call) { on_damaged_ = std::move(call); }
    // Reads the position and the totals. Errors: the database's.
    [[nodiscard]] Result<void> restore();

    // REQUIRES: !busy(), and the plan follows applied().last.
    void begin(CommitPlan plan);
    // There is a plan that is not yet committed as a whole.
    bool busy() const { return plan_.has_value(); }
    // Commits as much of the plan as the database takes; does nothing before retryAt().
    // Returns the number of events decided.
    std::size_t step();
    // When step() has something to do again, while busy.
    SteadyTime retryAt() const { return retry_at_; }

    // Closes and opens the database again.
    [[nodiscard]] Result<void> reopen();

    // Whether everything committed lies in the database's file now. REQUIRES: !busy().
    bool checkpoint();

    // Position and totals as last committed; read together.
    Applied applied() const;

  private:
    [[nodiscard]] Result<void> commitOnce(const Commit& commit);
    [[nodiscard]] Result<bool> happened(const Commit& commit);
    void handle(const Commit& commit, const Error& error);
    void isolate(const Commit& commit, const std::string& reason);
    void bury(SequenceNumber number, const std::string& reason);
    void succeeded(const Commit& commit);
    void count(const Commit& commit);
    void tryAgainLater(const Error& error);

    // Constant after construction.
    const BackoffOptions backoff_;
    OnDamaged on_damaged_;
    Database& database_;
    Deduplicator& deduplicator_;
    DeadLetters& dead_letters_;
    const Clock& clock_;
    prometheus::Counter& commits_;
    prometheus::Counter& stored_;
    prometheus::Counter& duplicates_;
    prometheus::Counter& conflicts_;
    prometheus::Counter& dead_lettered_;
    prometheus::Counter& retries_;
    prometheus::Counter& commit_seconds_;
    prometheus::Counter& checkpoint_seconds_;
    prometheus::Gauge& freshness_;

    // The committing thread's.
    Random random_;
    std::optional<CommitPlan> plan_;
    std::vector<SequenceRange> parts_;  // of the plan, still to be committed; the next one last
    bool damaged_ = false;              // and it was told
    bool in_doubt_ = false;             // the database must be reopened and asked for its position
    unsigned failures_ = 0;             // in a row
    SteadyTime retry_at_{};

    mutable Mutex mutex_;
    Applied applied_ GUARDED_BY(mutex_);
};

}  // namespace footfall
