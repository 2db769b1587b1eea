#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>

#include "report/counted.h"
#include "report/report_parameters.h"
#include "support/mutex.h"

namespace footfall {

// LatestMade<Counts, Report>: the reports that were made last of what was counted, where making one
// is work too: one of 5,000 cities takes 40 ms, and each page of it is cut out of the same.
// Threads: all members, any thread.   Bounds: made_max reports and the counts that they are of.
template <class Counts, class Report>
class LatestMade {
  public:
    using Of = std::shared_ptr<const Counted<Counts>>;
    using Made = std::shared_ptr<const Report>;

    explicit LatestMade(std::size_t made_max) : made_max_(made_max) {}

    Made of(const Of& counted, const ReportParameters& parameters,
            const std::function<Report()>& make) {
        if (Made known = find(counted, parameters)) return known;
        auto made = std::make_shared<const Report>(make());
        const MutexLock lock(mutex_);
        entries_.push_front({.counted = counted, .parameters = parameters, .made = made});
        if (entries_.size() > made_max_) entries_.pop_back();
        return made;
    }

  private:
    struct Entry {
        Of counted;
        ReportParameters parameters;
        Made made;
    };

    Made find(const Of& counted, const ReportParameters& parameters) {
        const MutexLock lock(mutex_);
        const auto known = std::ranges::find_if(entries_, [&](const Entry& entry) {
            return entry.counted == counted && entry.parameters == parameters;
        });
        if (known == entries_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, known);
        return entries_.front().made;
    }

    const std::size_t made_max_;
    Mutex mutex_;
    std::list<Entry> entries_ GUARDED_BY(mutex_);  // the one asked for last in front
};

}  // namespace footfall
