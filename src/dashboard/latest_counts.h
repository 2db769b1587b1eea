#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <utility>

#include "event/sequence.h"
#include "report/report_parameters.h"
#include "support/mutex.h"

namespace footfall {

// LatestReports<Report>: the reports that were computed last, so that asking for one again, in
// another format, or beside others on one page, costs nothing while no event was stored in between.
// Threads: all members, any thread.
// Bounds: kept_max reports, none for longer than age_max: whose window has ended depends on now.
// Use: `applied` is read before the report is computed. A commit in between makes the report newer
//   than its number says, never older, and the next number asks for a new one.
template <class Report>
class LatestReports {
  public:
    // Shared by this and the requests that are still writing it out.
    using Kept = std::shared_ptr<const Report>;

    LatestReports(std::size_t kept_max, std::chrono::seconds age_max)
        : kept_max_(kept_max), age_max_(age_max) {}

    // Null when there is none.
    Kept find(const ReportParameters& parameters, SequenceNumber applied, UtcTime now) {
        const MutexLock lock(mutex_);
        if (applied != applied_) return nullptr;
        const auto found = std::ranges::find_if(kept_, [&](const Kept& report) {
            return report->parameters == parameters && now - report->generated_at <= age_max_;
        });
        if (found == kept_.end()) return nullptr;
        kept_.splice(kept_.begin(), kept_, found);
        return kept_.front();
    }
    void keep(Kept report, SequenceNumber applied) {
        const MutexLock lock(mutex_);
        if (applied != applied_) kept_.clear();
        applied_ = applied;
        std::erase_if(kept_,
                      [&](const Kept& old) { return old->parameters == report->parameters; });
        kept_.push_front(std::move(report));
        if (kept_.size() > kept_max_) kept_.pop_back();
    }

  private:
    const std::size_t kept_max_;
    const std::chrono::seconds age_max_;
    Mutex mutex_;
    std::list<Kept> kept_ GUARDED_BY(mutex_);  // the one asked for last in front
    SequenceNumber applied_ GUARDED_BY(mutex_);
};

}  // namespace footfall
