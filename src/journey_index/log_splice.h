#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "journey_index/log_decoder.h"
#include "journey_index/person_log.h"

namespace footfall {

// LogSplice: puts events among those of a log in its compact form, which is walked over once and
// copied but for what stands around them. That is how nearly all events arrive; the others take
// the long way, which is PersonLog's.
// Threads: one at a time.
class LogSplice {
  public:
    using Arrivals = std::span<const PersonLog::Arrival>;  // in the order of PersonLog::sort()

    explicit LogSplice(std::size_t stage_count) : stage_count_(stage_count) {}

    // Walks to the place where PersonLog::add() would put all of them, one after the other, and
    // shows each event before it to see(event, ends_instant). Then `log` is at the event behind it,
    // if there is one. False: there is an event of their time, or none before them, or the form of
    // the log would be another. REQUIRES: pairs are skipped, nothing was read of `log`.
    template <class See>
    bool find(LogDecoder& log, Arrivals arrivals, const See& see);
    bool hasNext() const { return has_next_; }
    // The log with the arrivals, good until the next call. `encoded`: what was walked over.
    // REQUIRES: find() has found the place.
    std::span<const std::byte> write(std::span<const std::byte> encoded, Arrivals arrivals);

  private:
    bool fits(const LogDecoder& log, Arrivals arrivals) const;
    bool takePlace(LogDecoder& log, std::int64_t before_us, Arrivals arrivals);

    const std::size_t stage_count_;
    bool in_micros_ = false;
    bool has_next_ = false;
    // The events around the place, and the bytes in which the second one stands.
    LoggedEvent before_;
    LoggedEvent next_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::vector<std::byte> room_;
};

template <class See>
bool LogSplice::find(LogDecoder& log, Arrivals arrivals, const See& see) {
    if (!fits(log, arrivals)) return false;
    const std::int64_t first_us = arrivals.front().event.at_us;
    while (true) {
        begin_ = log.position();
        const std::int64_t before_us = log.event().at_us;
        has_next_ = log.nextTime();
        if (!has_next_ || log.event().at_us >= first_us) return takePlace(log, before_us, arrivals);
        log.nextRest();
        see(log.event(), log.endsInstant());
    }
}

}  // namespace footfall
