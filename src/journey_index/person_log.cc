#include "journey_index/person_log.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace footfall {
namespace {

std::uint8_t firstByte(EventId id) {
    return static_cast<std::uint8_t>(id.high >> 56);
}

bool sameAttributes(const LoggedEvent& a, const LoggedEvent& b) {
    return a.city == b.city && a.device == b.device && a.channel == b.channel;
}

// More than an event can need: its key, its place, three codes and a line.
constexpr std::size_t kEventBytesMax = 6 * 10 + 1 + 8;
constexpr std::size_t kHeaderBytes = 2;

// Into memory that is large enough.
class Writer {
  public:
    explicit Writer(std::byte* at) : at_(at) {}
    const std::byte* at() const { return at_; }
    void byte(unsigned value) { *at_++ = static_cast<std::byte>(value); }
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7f) | 0x80U);
        byte(static_cast<unsigned>(value));
    }
    void number(std::uint64_t value) {
        std::memcpy(at_, &value, sizeof(value));
        at_ += sizeof(value);
    }

  private:
    std::byte* at_;
};

// For so many bytes and then so many events.
std::byte* roomFor(std::size_t bytes, std::size_t events, std::vector<std::byte>& room) {
    const std::size_t bytes_max = bytes + events * kEventBytesMax + LogDecoder::kBehindBytes;
    if (room.size() < bytes_max) room.resize(bytes_max);
    return room.data();
}

bool isInMicros(const LoggedEvent& event) {
    return static_cast<std::uint64_t>(event.at_us) % log_form::kMicrosPerMilli != 0;
}

void encodeLine(Writer& out, const OrderLine& line) {
    out.number(line.order);
    out.varint(line.product);
    out.varint(static_cast<std::uint64_t>(line.amount_ten_thousandths + 1));
    out.varint(line.currency);
}

struct EventForm {
    log_form::KeyLayout layout;
    std::uint8_t last_stage;
    bool in_micros;

    // `before`: the event before it; none of a log's first.
    void encode(Writer& out, const LoggedEvent& event, const LoggedEvent* before) const {
        static constexpr LoggedEvent kNone;
        const LoggedEvent& from = before == nullptr ? kNone : *before;
        const bool other_city = event.city != from.city;
        const bool other_pair = event.device != from.device || event.channel != from.channel;
        const auto micros = static_cast<std::uint64_t>(event.at_us - from.at_us);
        const std::uint64_t delta = in_micros ? micros : micros / log_form::kMicrosPerMilli;
        out.varint(delta << layout.timeShift() | (other_pair ? layout.pairBit() : 0) |
                   (other_city ? layout.cityBit() : 0) | event.stage);
        if (before != nullptr && delta == 0) out.byte(event.place_unknown ? 1 : 0);
        if (other_city) out.varint(event.city);
        if (other_pair) out.varint(log_form::pairOf(event.device, event.channel));
        if (event.stage == last_stage) encodeLine(out, event.line);
    }
};

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
    const EventForm form{.layout = log_form::KeyLayout(stage_count),
                         .last_stage = static_cast<std::uint8_t>(stage_count - 1),
                         .in_micros = std::ranges::any_of(events_, isInMicros)};
    Writer writer(roomFor(kHeaderBytes, events_.size(), room));
    writer.byte((form.in_micros ? log_form::kInMicros : 0U) |
                (events_[0].place_unknown ? log_form::kFirstPlaceUnknown : 0U));
    writer.byte(first_id_byte_);
    for (std::size_t i = 0; i < events_.size(); ++i)
        form.encode(writer, events_[i], i == 0 ? nullptr : &events_[i - 1]);
    return {room.data(), writer.at()};
}

std::optional<std::size_t> PersonLog::placeOf(std::span<const Arrival> arrivals) const {
    if (!in_micros_ && std::ranges::any_of(arrivals, isInMicros, &Arrival::event))
        return std::nullopt;
    const std::int64_t first_us = arrivals.front().event.at_us;
    const auto next = std::ranges::lower_bound(events_, first_us, {}, &LoggedEvent::at_us);
    // In front of the first one it would be another byte of an id that the log begins with.
    if (next == events_.begin()) return std::nullopt;
    if (next != events_.end() && next->at_us <= arrivals.back().event.at_us) return std::nullopt;
    return static_cast<std::size_t>(next - events_.begin());
}

std::span<const std::byte> PersonLog::encodeAt(std::size_t place,
                                               std::span<const std::byte> encoded,
                                               std::size_t stage_count,
                                               std::span<const Arrival> arrivals,
                                               std::vector<std::byte>& room) const {
    const EventForm form{.layout = log_form::KeyLayout(stage_count),
                         .last_stage = static_cast<std::uint8_t>(stage_count - 1),
                         .in_micros = in_micros_};
    std::byte* const begin = roomFor(encoded.size(), arrivals.size() + 1, room);
    Writer writer(std::ranges::copy(encoded.first(ends_[place - 1]), begin).out);
    const LoggedEvent* before = &events_[place - 1];
    for (const Arrival& arrival : arrivals) {
        form.encode(writer, arrival.event, before);
        before = &arrival.event;
    }
    if (place == events_.size()) return {begin, writer.at()};
    form.encode(writer, events_[place], before);
    // Those after it follow the same event as before.
    const auto rest = encoded.subspan(ends_[place]);
    return {begin, std::ranges::copy(rest, begin + (writer.at() - begin)).out};
}

void PersonLog::decode(LogDecoder encoded) {
    first_id_byte_ = encoded.first_id_byte();
    in_micros_ = encoded.inMicros();
    events_.clear();
    ends_.clear();
    while (encoded.next()) {
        events_.push_back(encoded.event());
        ends_.push_back(static_cast<std::uint32_t>(encoded.position()));
    }
}

}  // namespace footfall
