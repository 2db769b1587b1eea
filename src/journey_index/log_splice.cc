#include "journey_index/log_splice.h"

#include <algorithm>

#include "journey_index/log_encoder.h"

namespace footfall {

bool LogSplice::fits(const LogDecoder& log, Arrivals arrivals) const {
    return log.inMicros() ||
           std::ranges::none_of(arrivals, LogEncoder::isInMicros, &PersonLog::Arrival::event);
}

// REQUIRES: of the event behind the place, if any, the first half is read.
bool LogSplice::takePlace(LogDecoder& log, std::int64_t before_us, Arrivals arrivals) {
    // In front of the first one it would be another byte of an id that the log begins with.
    if (begin_ <= LogDecoder::kHeaderBytes) return false;
    if (has_next_ && log.event().at_us <= arrivals.back().event.at_us) return false;
    in_micros_ = log.inMicros();
    log.decodePair();
    before_ = log.event();
    before_.at_us = before_us;
    if (has_next_) {
        log.nextRest();
        log.decodePair();
        next_ = log.event();
    }
    end_ = log.position();
    return true;
}

std::span<const std::byte> LogSplice::write(std::span<const std::byte> encoded, Arrivals arrivals) {
    LogEncoder out(stage_count_, in_micros_, encoded.size(), arrivals.size() + 1, room_);
    out.encoded(encoded.first(begin_));
    const LoggedEvent* before = &before_;
    for (const PersonLog::Arrival& arrival : arrivals) {
        out.event(arrival.event, before);
        before = &arrival.event;
    }
    if (has_next_) out.event(next_, before);
    // Those after it follow the same event as before.
    out.encoded(encoded.subspan(end_));
    return out.written();
}

}  // namespace footfall
