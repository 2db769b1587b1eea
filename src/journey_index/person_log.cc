#include "journey_index/person_log.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>

namespace footfall {
namespace {

constexpr std::uint64_t kMicrosPerMilli = 1'000;

// Of the header's first byte.
constexpr unsigned kInMicros = 1;  // times are in µs; else all are whole ms
constexpr unsigned kFirstPlaceUnknown = 2;

std::uint8_t firstByte(EventId id) {
    return static_cast<std::uint8_t>(id.high >> 56);
}

bool sameAttributes(const LoggedEvent& a, const LoggedEvent& b) {
    return a.city == b.city && a.device == b.device && a.channel == b.channel;
}

// The bits of a number, a zero before each: 0b101 becomes 0b10001.
std::uint64_t spread(std::uint32_t number) {
    std::uint64_t bits = number;
    bits = (bits | bits << 16) & 0x0000ffff0000ffffULL;
    bits = (bits | bits << 8) & 0x00ff00ff00ff00ffULL;
    bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0fULL;
    bits = (bits | bits << 2) & 0x3333333333333333ULL;
    return (bits | bits << 1) & 0x5555555555555555ULL;
}

std::uint32_t gather(std::uint64_t bits) {
    bits &= 0x5555555555555555ULL;
    bits = (bits | bits >> 1) & 0x3333333333333333ULL;
    bits = (bits | bits >> 2) & 0x0f0f0f0f0f0f0f0fULL;
    bits = (bits | bits >> 4) & 0x00ff00ff00ff00ffULL;
    bits = (bits | bits >> 8) & 0x0000ffff0000ffffULL;
    return static_cast<std::uint32_t>(bits | bits >> 16);
}

// Two small numbers as one small number.
std::uint64_t pairOf(std::uint32_t device, std::uint32_t channel) {
    return spread(device) | spread(channel) << 1;
}

// The first number of an event, from its lowest bit: the stage, whether city and whether device or
// channel differ from the event before, and the time since it.
struct KeyLayout {
    unsigned stage_bits;

    explicit KeyLayout(std::size_t stage_count)
        : stage_bits(static_cast<unsigned>(std::bit_width(stage_count - 1))) {}
    std::uint64_t cityBit() const { return std::uint64_t{1} << stage_bits; }
    std::uint64_t pairBit() const { return std::uint64_t{2} << stage_bits; }
    unsigned timeShift() const { return stage_bits + 2; }
    std::uint8_t stageOf(std::uint64_t key) const {
        return static_cast<std::uint8_t>(key & (cityBit() - 1));
    }
};

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

// Of bytes that are known to be whole.
class Reader {
  public:
    explicit Reader(std::span<const std::byte> bytes)
        : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
    bool atEnd() const { return at_ == end_; }
    unsigned byte() { return std::to_integer<unsigned>(*at_++); }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const std::uint64_t part = byte();
            value |= (part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        std::memcpy(&value, at_, sizeof(value));
        at_ += sizeof(value);
        return value;
    }

  private:
    const std::byte* at_;
    const std::byte* end_;
};

void encodeLine(Writer& out, const OrderLine& line) {
    out.number(line.order);
    out.varint(line.product);
    out.varint(static_cast<std::uint64_t>(line.amount_ten_thousandths + 1));
    out.varint(line.currency);
}

OrderLine decodeLine(Reader& in) {
    OrderLine line{.order = in.number()};
    line.product = static_cast<std::uint32_t>(in.varint());
    line.amount_ten_thousandths = static_cast<std::int64_t>(in.varint()) - 1;
    line.currency = static_cast<std::uint32_t>(in.varint());
    return line;
}
static_assert(EventBatch::kNoAmount == -1);

}  // namespace

void PersonLog::add(std::span<Arrival> arrivals) {
    std::ranges::sort(arrivals, {}, [](const Arrival& arrival) {
        return std::tuple(arrival.event.at_us, arrival.id);
    });
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
    const KeyLayout layout(stage_count);
    const bool in_micros = std::ranges::any_of(events_, [](const LoggedEvent& event) {
        return static_cast<std::uint64_t>(event.at_us) % kMicrosPerMilli != 0;
    });
    const std::size_t bytes_max = kHeaderBytes + events_.size() * kEventBytesMax;
    if (room.size() < bytes_max) room.resize(bytes_max);
    Writer writer(room.data());
    writer.byte((in_micros ? kInMicros : 0U) |
                (events_[0].place_unknown ? kFirstPlaceUnknown : 0U));
    writer.byte(first_id_byte_);
    LoggedEvent before;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        const LoggedEvent& event = events_[i];
        const bool other_city = event.city != before.city;
        const bool other_pair = event.device != before.device || event.channel != before.channel;
        const auto micros = static_cast<std::uint64_t>(event.at_us - before.at_us);
        const std::uint64_t delta = in_micros ? micros : micros / kMicrosPerMilli;
        writer.varint(delta << layout.timeShift() | (other_pair ? layout.pairBit() : 0) |
                      (other_city ? layout.cityBit() : 0) | event.stage);
        if (i > 0 && delta == 0) writer.byte(event.place_unknown ? 1 : 0);
        if (other_city) writer.varint(event.city);
        if (other_pair) writer.varint(pairOf(event.device, event.channel));
        if (event.stage + 1U == stage_count) encodeLine(writer, event.line);
        before = event;
    }
    return {room.data(), writer.at()};
}

void PersonLog::decode(std::size_t stage_count, std::span<const std::byte> bytes) {
    const KeyLayout layout(stage_count);
    Reader reader(bytes);
    const unsigned header = reader.byte();
    const std::uint64_t unit = (header & kInMicros) != 0 ? 1 : kMicrosPerMilli;
    first_id_byte_ = static_cast<std::uint8_t>(reader.byte());
    events_.clear();
    LoggedEvent event;
    while (!reader.atEnd()) {
        const std::uint64_t key = reader.varint();
        const std::uint64_t delta = key >> layout.timeShift();
        event.at_us += static_cast<std::int64_t>(delta * unit);
        event.stage = layout.stageOf(key);
        event.place_unknown =
            events_.empty() ? (header & kFirstPlaceUnknown) != 0 : delta == 0 && reader.byte() != 0;
        if ((key & layout.cityBit()) != 0) event.city = static_cast<std::uint32_t>(reader.varint());
        if ((key & layout.pairBit()) != 0) {
            const std::uint64_t pair = reader.varint();
            event.device = gather(pair);
            event.channel = gather(pair >> 1);
        }
        event.line = event.stage + 1U == stage_count ? decodeLine(reader) : OrderLine{};
        events_.push_back(event);
    }
}

}  // namespace footfall
