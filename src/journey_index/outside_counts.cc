#include "journey_index/outside_counts.h"

#include <array>
#include <limits>

#include <absl/container/flat_hash_set.h>

#include "event/byte_codec.h"

namespace footfall {
namespace {

// nullopt: not at a quarter.
std::optional<std::int64_t> quarterOf(std::optional<std::int64_t> at_us, std::int64_t if_none) {
    if (!at_us) return if_none;
    if (*at_us % kQuarterHourUs != 0) return std::nullopt;
    return *at_us / kQuarterHourUs;
}

}  // namespace

void OutsideCounts::add(std::uint32_t event_type, std::int64_t at_us) {
    if (too_many_) return;
    const std::uint64_t quarter = static_cast<std::uint64_t>(at_us / kQuarterHourUs);
    ++counts_[std::uint64_t{event_type} << 32 | quarter];
    too_many_ = counts_.size() > kEntriesMax;
}

std::optional<OutsideCount> OutsideCounts::count(std::optional<std::int64_t> from_us,
                                                 std::optional<std::int64_t> to_us) const {
    const auto from = quarterOf(from_us, std::numeric_limits<std::int64_t>::min());
    const auto to = quarterOf(to_us, std::numeric_limits<std::int64_t>::max());
    if (too_many_ || !from || !to) return std::nullopt;
    OutsideCount sum;
    absl::flat_hash_set<std::uint32_t> types;
    for (const auto& [key, events] : counts_) {
        const auto quarter = static_cast<std::int64_t>(key & 0xffffffffU);
        if (quarter < *from || quarter >= *to) continue;
        types.insert(static_cast<std::uint32_t>(key >> 32));
        sum.events += static_cast<std::int64_t>(events);
    }
    sum.event_types = static_cast<std::int64_t>(types.size());
    return sum;
}

std::string OutsideCounts::toText() const {
    std::string text;
    std::array<std::byte, 1 + 2 * kVarintBytesMax> room;
    const auto append = [&](std::uint64_t first, std::uint64_t second) {
        ByteWriter writer(room);
        writer.varint(first);
        writer.varint(second);
        text.append(reinterpret_cast<const char*>(room.data()), writer.written());
    };
    append(too_many_ ? 1 : 0, counts_.size());
    for (const auto& [key, events] : counts_) append(key, events);
    return text;
}

Result<OutsideCounts> OutsideCounts::fromText(std::string_view text) {
    OutsideCounts counts;
    ByteReader reader(std::as_bytes(std::span(text)));
    counts.too_many_ = reader.varint() != 0;
    for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
        const std::uint64_t key = reader.varint();
        counts.counts_[key] = reader.varint();
    }
    if (!reader.ok() || !reader.left().empty())
        return fail(Code::kMalformed, "the counts of the journey index are damaged");
    return counts;
}

}  // namespace footfall
