#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include <absl/base/attributes.h>

#include "event/event_batch.h"
#include "journey_index/log_shard.h"

namespace footfall {

// What an event of the last stage sells. Two of one person are the same line of the same order when
// all of it is equal.
struct OrderLine {
    std::uint64_t order = 0;  // keyed hash of the order id, or of the event id where there is none
    std::int64_t amount_ten_thousandths = EventBatch::kNoAmount;
    std::uint32_t product = 0;  // the database's codes; 0: absent
    std::uint32_t currency = 0;
    auto operator<=>(const OrderLine&) const = default;
};

// One event of a journey as the index keeps it.
struct LoggedEvent {
    std::int64_t at_us = 0;
    std::uint32_t city = 0;  // the database's codes; 0: not known
    std::uint32_t device = 0;
    std::uint32_t channel = 0;
    std::uint8_t stage = 0;  // from 0
    // Its place among the events of the same instant is not known, and matters: they have other
    // attributes.
    bool place_unknown = false;
    OrderLine line;  // of the last stage's events alone

    bool operator==(const LoggedEvent&) const = default;
};

// The compact form of a log: a byte of flags and the first byte of the first event's id; then for
// each event its key, whether its place is unknown (only behind one of the same instant), city and
// pair where they changed, and the order line of the last stage. Numbers are varints.
namespace log_form {

// Of the flags.
constexpr unsigned kInMicros = 1;  // times are in µs; else all are whole ms
constexpr unsigned kFirstPlaceUnknown = 2;
constexpr std::uint64_t kMicrosPerMilli = 1'000;

// The first number of an event, from its lowest bit: the stage, whether city and whether device or
// channel differ from the event before, and the time since it.
struct KeyLayout {
    unsigned stage_bits;  // up to 5, so that all but the time fits the first byte of a varint

    explicit KeyLayout(std::size_t stage_count)
        : stage_bits(static_cast<unsigned>(std::bit_width(stage_count - 1))) {}
    std::uint64_t cityBit() const { return std::uint64_t{1} << stage_bits; }
    std::uint64_t pairBit() const { return std::uint64_t{2} << stage_bits; }
    unsigned timeShift() const { return stage_bits + 2; }
    std::uint8_t stageOf(std::uint64_t key) const {
        return static_cast<std::uint8_t>(key & (cityBit() - 1));
    }
};

// Device and channel as one number, which is small when they are: their bits take turns.

// The bits of a number, a zero before each: 0b101 becomes 0b10001.
constexpr std::uint64_t spread(std::uint32_t number) {
    std::uint64_t bits = number;
    bits = (bits | bits << 16) & 0x0000ffff0000ffffULL;
    bits = (bits | bits << 8) & 0x00ff00ff00ff00ffULL;
    bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0fULL;
    bits = (bits | bits << 2) & 0x3333333333333333ULL;
    return (bits | bits << 1) & 0x5555555555555555ULL;
}
constexpr std::uint32_t gather(std::uint64_t bits) {
    bits &= 0x5555555555555555ULL;
    bits = (bits | bits >> 1) & 0x3333333333333333ULL;
    bits = (bits | bits >> 2) & 0x0f0f0f0f0f0f0f0fULL;
    bits = (bits | bits >> 4) & 0x00ff00ff00ff00ffULL;
    bits = (bits | bits >> 8) & 0x0000ffff0000ffffULL;
    return static_cast<std::uint32_t>(bits | bits >> 16);
}
// spread() of the usual codes.
inline constexpr auto kSpread = [] {
    std::array<std::uint8_t, 16> spreads{};
    for (std::uint32_t number = 0; number < spreads.size(); ++number)
        spreads[number] = static_cast<std::uint8_t>(spread(number));
    return spreads;
}();
constexpr std::uint64_t pairOf(std::uint32_t device, std::uint32_t channel) {
    if ((device | channel) < kSpread.size())
        return kSpread[device] | static_cast<std::uint64_t>(kSpread[channel]) << 1;
    return spread(device) | spread(channel) << 1;
}
// gather() of the usual pairs.
inline constexpr auto kGathered = [] {
    std::array<std::uint8_t, 256> gathered{};
    for (std::uint64_t pair = 0; pair < gathered.size(); ++pair)
        gathered[pair] = static_cast<std::uint8_t>(gather(pair));
    return gathered;
}();
constexpr std::uint32_t deviceOf(std::uint64_t pair) {
    return pair < kGathered.size() ? kGathered[pair] : gather(pair);
}
constexpr std::uint32_t channelOf(std::uint64_t pair) {
    return deviceOf(pair >> 1);
}

// A varint of up to eight bytes without a loop, since nobody can guess how long the next one is:
// the groups of seven bits, out of the lowest bytes of `bytes`, moved together.
constexpr std::uint64_t varintOf(std::uint64_t bytes, unsigned length) {
    bytes &= ~std::uint64_t{0} >> (64 - 8 * length);
    bytes &= 0x7f7f7f7f7f7f7f7fULL;
    bytes = (bytes & 0x007f007f007f007fULL) | (bytes & 0x7f007f007f007f00ULL) >> 1;
    bytes = (bytes & 0x00003fff00003fffULL) | (bytes & 0x3fff00003fff0000ULL) >> 2;
    return (bytes & 0x000000000fffffffULL) | (bytes & 0x0fffffff00000000ULL) >> 4;
}

}  // namespace log_form

// LogDecoder: the events of one person's log out of its compact form, one after the other. In the
// header, because a scan does little else.
// Threads: one at a time.
class LogDecoder {
  public:
    // Devices and channels are decoded only for who asks for them: of all events, or with
    // decodePair() of one.
    enum class Pairs : bool { kSkip, kDecode };
    static constexpr std::size_t kHeaderBytes = 2;
    // What has to be readable behind a log, whatever it is.
    static constexpr std::size_t kBehindBytes = LogShard::kBehindBytes;

    // REQUIRES: `bytes` came from PersonLog::encode() for as many stages, with kBehindBytes behind
    // them; or they are none.
    LogDecoder(std::size_t stage_count, std::span<const std::byte> bytes,
               Pairs pairs = Pairs::kDecode)
        : layout_(stage_count),
          pairs_(pairs),
          last_stage_(static_cast<std::uint8_t>(stage_count - 1)),
          begin_(bytes.data()),
          at_(bytes.data()),
          end_(bytes.data() + bytes.size()) {
        if (bytes.empty()) return;
        flags_ = byte();
        first_id_byte_ = static_cast<std::uint8_t>(byte());
        unit_us_ = inMicros() ? 1 : log_form::kMicrosPerMilli;
    }

    std::uint8_t first_id_byte() const { return first_id_byte_; }
    bool inMicros() const { return (flags_ & log_form::kInMicros) != 0; }
    // Where in its bytes the event() ends.
    std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }
    // Goes on to the next event, which event() then is. False: there is none.
    ABSL_ATTRIBUTE_ALWAYS_INLINE bool next() {
        if (!nextTime()) return false;
        nextRest();
        return true;
    }
    // Its two halves. After the first event() has the next one's time and stage, and the city and
    // the pair of the one before.
    ABSL_ATTRIBUTE_ALWAYS_INLINE bool nextTime();
    ABSL_ATTRIBUTE_ALWAYS_INLINE void nextRest();
    // Device and channel of event() where they are skipped.
    void decodePair() {
        if (pair_at_ == nullptr) return;
        const std::byte* const at = std::exchange(at_, pair_at_);
        readPair();
        at_ = at;
    }
    const LoggedEvent& event() const { return event_; }
    // Whether the next event, if any, is of a later instant.
    ABSL_ATTRIBUTE_ALWAYS_INLINE bool endsInstant() const {
        // A time since the last event makes the key's first byte as large as that, or gives it
        // another one.
        return at_ == end_ || std::to_integer<unsigned>(*at_) >> layout_.timeShift() != 0;
    }

  private:
    unsigned byte() { return std::to_integer<unsigned>(*at_++); }
    ABSL_ATTRIBUTE_ALWAYS_INLINE std::uint64_t varint() {
        std::uint64_t bytes = 0;
        static_assert(sizeof(bytes) == kBehindBytes && std::endian::native == std::endian::little);
        std::memcpy(&bytes, at_, sizeof(bytes));
        const std::uint64_t ends = ~bytes & 0x8080808080808080ULL;
        if (ends == 0) [[unlikely]] {
            const auto [value, behind] = longVarint(at_);
            at_ = behind;
            return value;
        }
        const unsigned length = static_cast<unsigned>(std::countr_zero(ends)) / 8 + 1;
        at_ += length;
        return log_form::varintOf(bytes, length);
    }
    void skipVarint() {
        while (byte() >= 0x80) {
        }
    }
    struct LongVarint {
        std::uint64_t value;
        const std::byte* behind;
    };
    // Of more than eight bytes. Not a member's: what it gets does not have to be in memory.
    static LongVarint longVarint(const std::byte* at);
    std::uint32_t code() { return static_cast<std::uint32_t>(varint()); }
    void readPair() {
        const std::uint64_t pair = varint();
        event_.device = log_form::deviceOf(pair);
        event_.channel = log_form::channelOf(pair);
    }
    ABSL_ATTRIBUTE_ALWAYS_INLINE void readLine();

    const log_form::KeyLayout layout_;
    const Pairs pairs_;
    const std::uint8_t last_stage_;
    const std::byte* const begin_;
    const std::byte* at_;
    const std::byte* const end_;
    unsigned flags_ = 0;
    std::uint8_t first_id_byte_ = 0;
    std::uint64_t unit_us_ = 0;
    std::uint64_t key_ = 0;
    bool is_first_ = true;
    const std::byte* pair_at_ = nullptr;  // where the event's pair stands; nullptr: none yet
    LoggedEvent event_;
};

inline bool LogDecoder::nextTime() {
    if (at_ == end_) return false;
    key_ = varint();
    event_.at_us += static_cast<std::int64_t>((key_ >> layout_.timeShift()) * unit_us_);
    if (event_.stage == last_stage_) event_.line = {};
    event_.stage = layout_.stageOf(key_);
    return true;
}

inline void LogDecoder::nextRest() {
    if (is_first_)
        event_.place_unknown = (flags_ & log_form::kFirstPlaceUnknown) != 0;
    else
        event_.place_unknown = key_ >> layout_.timeShift() == 0 && byte() != 0;
    is_first_ = false;
    if ((key_ & layout_.cityBit()) != 0) event_.city = code();
    if ((key_ & layout_.pairBit()) != 0) {
        pair_at_ = at_;
        if (pairs_ == Pairs::kSkip)
            skipVarint();
        else
            readPair();
    }
    if (event_.stage == last_stage_) readLine();
}

inline LogDecoder::LongVarint LogDecoder::longVarint(const std::byte* at) {
    LongVarint read{.value = 0, .behind = at};
    for (unsigned shift = 0;; shift += 7) {
        const auto part = std::to_integer<std::uint64_t>(*read.behind++);
        read.value |= (part & 0x7f) << shift;
        if (part < 0x80) return read;
    }
}

inline void LogDecoder::readLine() {
    OrderLine& line = event_.line;
    std::memcpy(&line.order, at_, sizeof(line.order));
    at_ += sizeof(line.order);
    line.product = code();
    static_assert(EventBatch::kNoAmount == -1);
    line.amount_ten_thousandths = static_cast<std::int64_t>(varint()) - 1;
    line.currency = code();
}

}  // namespace footfall
