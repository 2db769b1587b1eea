#include "journey_index/log_encoder.h"

#include <algorithm>
#include <cstring>

namespace footfall {
namespace {

// More than an event can need: its key, its place, three codes and a line.
constexpr std::size_t kEventBytesMax = 6 * 10 + 1 + 8;

std::byte* grownTo(std::size_t bytes, std::vector<std::byte>& room) {
    if (room.size() < bytes) room.resize(bytes);
    return room.data();
}

}  // namespace

LogEncoder::LogEncoder(std::size_t stage_count, bool in_micros, std::size_t bytes,
                       std::size_t events, std::vector<std::byte>& room)
    : layout_(stage_count),
      last_stage_(static_cast<std::uint8_t>(stage_count - 1)),
      in_micros_(in_micros),
      begin_(grownTo(
          LogDecoder::kHeaderBytes + bytes + events * kEventBytesMax + LogDecoder::kBehindBytes,
          room)),
      at_(room.data()) {}

void LogEncoder::header(bool first_place_unknown, std::uint8_t first_id_byte) {
    byte((in_micros_ ? log_form::kInMicros : 0U) |
         (first_place_unknown ? log_form::kFirstPlaceUnknown : 0U));
    byte(first_id_byte);
}

void LogEncoder::event(const LoggedEvent& event, const LoggedEvent* before) {
    static constexpr LoggedEvent kNone;
    const LoggedEvent& from = before == nullptr ? kNone : *before;
    const bool other_city = event.city != from.city;
    const bool other_pair = event.device != from.device || event.channel != from.channel;
    const auto micros = static_cast<std::uint64_t>(event.at_us - from.at_us);
    const std::uint64_t delta = in_micros_ ? micros : micros / log_form::kMicrosPerMilli;
    varint(delta << layout_.timeShift() | (other_pair ? layout_.pairBit() : 0) |
           (other_city ? layout_.cityBit() : 0) | event.stage);
    if (before != nullptr && delta == 0) byte(event.place_unknown ? 1 : 0);
    if (other_city) varint(event.city);
    if (other_pair) varint(log_form::pairOf(event.device, event.channel));
    if (event.stage == last_stage_) line(event.line);
}

void LogEncoder::encoded(std::span<const std::byte> bytes) {
    at_ = std::ranges::copy(bytes, at_).out;
}

void LogEncoder::varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7f) | 0x80U);
    byte(static_cast<unsigned>(value));
}

void LogEncoder::line(const OrderLine& line) {
    std::memcpy(at_, &line.order, sizeof(line.order));
    at_ += sizeof(line.order);
    varint(line.product);
    varint(static_cast<std::uint64_t>(line.amount_ten_thousandths + 1));
    varint(line.currency);
}

}  // namespace footfall
