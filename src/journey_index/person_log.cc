#include "journey_index/person_log.h"

#include <algorithm>
#include <tuple>

#include "journey_index/log_encoder.h"

namespace footfall {
namespace {

std::uint8_t firstByte(EventId id) {
    return static_cast<std::uint8_t>(id.high >> 56);
}

bool sameAttributes(const LoggedEvent& a, const LoggedEvent& b) {
    return a.city == b.city && a.device == b.device && a.channel == b.channel;
}

}  // namespace

void PersonLog::sort(std::span<Arrival> arrivals) {
    std::ranges::sort(arrivals, {}, [](const Arrival& arrival) {
        return std::tuple(arrival.event.at_us, arrival.id);
    });
}

void PersonLog::add(std::span<Arrival> arrivals) {
    sort(arrivals);
    is_new_.assign(events_.size(), false);
    for (const Arrival& arrival : arrivals) insert(arrival);
}

void PersonLog::insert(const Arrival& arrival) {
    const auto same_instant =
        std::ranges::equal_range(events_, arrival.event.at_us, {}, &LoggedEvent::at_us);
    const auto begin = static_cast<std::size_t>(same_instant.begin() - events_.begin());
    const auto end = static_cast<std::size_t>(same_instant.end() - events_.begin());
    if (begin == end)
        insertAt(end, arrival, false);
    else
        insertAmong(begin, end, arrival);
}

void PersonLog::insertAt(std::size_t place, const Arrival& arrival, bool place_unknown) {
    const auto offset = static_cast<std::ptrdiff_t>(place);
    events_.insert(events_.begin() + offset, arrival.event)->place_unknown = place_unknown;
    is_new_.insert(is_new_.begin() + offset, true);
    if (place == 0) first_id_byte_ = firstByte(arrival.id);
}

// Among the events of the same instant, from `begin` to before `end`.
void PersonLog::insertAmong(std::size_t begin, std::size_t end, const Arrival& arrival) {
    bool all_new = true;
    bool all_alike = true;
    for (std::size_t i = begin; i < end; ++i) {
        all_new &= is_new_[i];
        all_alike &= sameAttributes(events_[i], arrival.event);
    }
    if (all_new) return insertAt(end, arrival, false);  // they come in the order of their ids
    if (begin > 0) return insertAt(end, arrival, !all_alike);

    const std::uint8_t id_byte = firstByte(arrival.id);
    if (id_byte < first_id_byte_) return insertAt(0, arrival, false);
    const bool after_first = id_byte > first_id_byte_;
    if (!after_first && !all_alike) events_[0].place_unknown = true;
    insertAt(end, arrival, !all_alike && !(after_first && end == 1));
}

std::span<const std::byte> PersonLog::encode(std::size_t stage_count,
                                             std::vector<std::byte>& room) const {
    const bool in_micros = std::ranges::any_of(events_, LogEncoder::isInMicros);
    LogEncoder out(stage_count, in_micros, 0, events_.size(), room);
    out.header(events_[0].place_unknown, first_id_byte_);
    for (std::size_t i = 0; i < events_.size(); ++i)
        out.event(events_[i], i == 0 ? nullptr : &events_[i - 1]);
    return out.written();
}

void PersonLog::decode(LogDecoder encoded) {
    first_id_byte_ = encoded.first_id_byte();
    events_.clear();
    while (encoded.next()) events_.push_back(encoded.event());
}

}  // namespace footfall
