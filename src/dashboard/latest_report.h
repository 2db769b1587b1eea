#pragma once

#include <memory>
#include <utility>

#include "event/sequence.h"
#include "report/report_parameters.h"
#include "support/mutex.h"

namespace footfall {

// LatestReport<Report>: the report that was computed last, so that asking for it again, or in
// another format, costs nothing while no event was stored in between.
// Threads: all members, any thread.   Bounds: one report.
// Use: `applied` is read before the report is computed. A commit in between makes the report newer
//   than its number says, never older, and the next number asks for a new one.
template <class Report>
class LatestReport {
  public:
    // Shared by this and the requests that are still writing it out.
    using Kept = std::shared_ptr<const Report>;

    // Null when the latest one is another.
    Kept find(const ReportParameters& parameters, SequenceNumber applied) const {
        const MutexLock lock(mutex_);
        const bool same = latest_ && applied_ == applied && latest_->parameters == parameters;
        return same ? latest_ : nullptr;
    }
    void keep(Kept report, SequenceNumber applied) {
        const MutexLock lock(mutex_);
        latest_ = std::move(report);
        applied_ = applied;
    }

  private:
    mutable Mutex mutex_;
    Kept latest_ GUARDED_BY(mutex_);
    SequenceNumber applied_ GUARDED_BY(mutex_);
};

}  // namespace footfall
