#include "journey_index/log_shard.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "event/byte_codec.h"

namespace footfall {
namespace {

constexpr std::size_t kWord = sizeof(std::uint32_t);
// A log begins with its number of bytes.
constexpr std::size_t kLengthBytes = 1;
constexpr std::uint8_t kLong = 0xff;  // then it stands in the eight bytes after it
constexpr std::size_t kExactWordsMax = 128;
constexpr std::size_t kGapsOneIn = 8;
constexpr std::size_t kGrowOneIn = 8;

std::size_t headBytes(std::size_t bytes) {
    return bytes < kLong ? kLengthBytes : kLengthBytes + sizeof(std::uint64_t);
}

// The room of a log of so many bytes: what it needs; a long one gets an eighth more at most, so
// that it does not move each time.
std::size_t wordsFor(std::size_t bytes) {
    const std::size_t words = (headBytes(bytes) + bytes + kWord - 1) / kWord;
    if (words <= kExactWordsMax) return words;
    const std::size_t step = std::bit_floor(words) / 8;
    return (words + step - 1) / step * step;
}

}  // namespace

std::size_t LogShard::bytesAt(std::uint32_t at) const {
    std::uint8_t length = 0;
    std::memcpy(&length, &words_[at], sizeof(length));
    if (length != kLong) return length;
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, reinterpret_cast<const std::byte*>(&words_[at]) + kLengthBytes,
                sizeof(bytes));
    return bytes;
}

std::span<const std::byte> LogShard::get(std::size_t slot) const {
    if (places_.empty() || places_[slot] == 0) return {};
    const std::size_t bytes = bytesAt(places_[slot]);
    return std::as_bytes(std::span(words_))
        .subspan(places_[slot] * kWord + headBytes(bytes), bytes);
}

void LogShard::prefetch(std::size_t slot) const {
    if (places_.empty()) return;
    // A usual log is two lines of the cache.
    const Word* const log = words_.data() + places_[slot];
    __builtin_prefetch(log);
    __builtin_prefetch(log + 64 / kWord);
}

void LogShard::put(std::size_t slot, std::span<const std::byte> log) {
    if (places_.empty()) places_.resize(kPersons);
    std::uint32_t& place = places_[slot];
    const std::size_t words = wordsFor(log.size());
    const std::size_t words_before = place == 0 ? 0 : wordsFor(bytesAt(place));
    if (words != words_before) {
        if (place == 0)
            ++persons_;
        else
            give(std::exchange(place, 0), words_before);
        place = take(words);
    }
    std::byte* to = reinterpret_cast<std::byte*>(&words_[place]);
    const std::uint64_t bytes = log.size();
    const auto length = static_cast<std::uint8_t>(std::min<std::uint64_t>(bytes, kLong));
    std::memcpy(to, &length, sizeof(length));
    if (length == kLong) std::memcpy(to + kLengthBytes, &bytes, sizeof(bytes));
    std::memcpy(to + headBytes(log.size()), log.data(), log.size());
}

std::uint32_t LogShard::take(std::size_t words) {
    const auto gap = gaps_.find(words);
    if (gap != gaps_.end()) {
        const std::uint32_t at = gap->second.back();
        gap->second.pop_back();
        if (gap->second.empty()) gaps_.erase(gap);
        gap_words_ -= words;
        return at;
    }
    if (gap_words_ > words_.size() / kGapsOneIn) closeGaps();
    const std::size_t at = std::max<std::size_t>(words_.size(), 1);
    // By an eighth, not by doubling: there are hundreds of shards.
    if (at + words > words_.capacity()) words_.reserve(at + words + at / kGrowOneIn);
    words_.resize(at + words);
    return static_cast<std::uint32_t>(at);
}

void LogShard::give(std::uint32_t at, std::size_t words) {
    gaps_[words].push_back(at);
    gap_words_ += words;
}

void LogShard::closeGaps() {
    std::vector<Word> packed;
    packed.reserve(words_.size() - gap_words_ + (words_.size() - gap_words_) / kGrowOneIn);
    packed.push_back(0);
    for (std::uint32_t& place : places_) {
        if (place == 0) continue;
        const auto begin = words_.begin() + place;
        const auto words = static_cast<std::ptrdiff_t>(wordsFor(bytesAt(place)));
        place = static_cast<std::uint32_t>(packed.size());
        packed.insert(packed.end(), begin, begin + words);
    }
    words_ = std::move(packed);
    gaps_.clear();
    gap_words_ = 0;
}

std::size_t LogShard::bytes() const {
    return places_.capacity() * sizeof(std::uint32_t) + words_.capacity() * kWord;
}

// The logs one after the other, each with its slot and its length before it.
std::string LogShard::toText() const {
    std::string text;
    text.reserve(words_.size() * kWord);
    const auto varint = [&](std::uint64_t value) {
        std::array<std::byte, kVarintBytesMax> room;
        ByteWriter writer(room);
        writer.varint(value);
        text.append(reinterpret_cast<const char*>(room.data()), writer.written());
    };
    for (std::size_t slot = 0; slot < places_.size(); ++slot) {
        const auto log = get(slot);
        if (log.empty()) continue;
        varint(slot);
        varint(log.size());
        text.append(reinterpret_cast<const char*>(log.data()), log.size());
    }
    return text;
}

Result<LogShard> LogShard::fromText(std::string_view text) {
    LogShard shard;
    shard.words_.reserve(text.size() / kWord + text.size() / kWord / 4);
    ByteReader reader(std::as_bytes(std::span(text)));
    while (!reader.left().empty()) {
        const std::uint64_t slot = reader.varint();
        const auto log = reader.bytes(reader.varint());
        if (!reader.ok() || slot >= kPersons || log.empty())
            return fail(Code::kMalformed, "a shard of the journey index is damaged");
        shard.put(slot, log);
    }
    return shard;
}

}  // namespace footfall
