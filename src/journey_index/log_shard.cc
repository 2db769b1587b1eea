#include "journey_index/log_shard.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "event/byte_codec.h"

namespace footfall {
namespace {

constexpr std::size_t kWord = sizeof(std::uint32_t);
constexpr std::size_t kBehindWords = LogShard::kBehindBytes / kWord;
// A log begins with its number of bytes.
constexpr std::size_t kLengthBytes = 1;
constexpr std::uint8_t kLong = 0xff;  // then it stands in the eight bytes after it
constexpr std::size_t kExactWordsMax = 128;
constexpr std::size_t kStepsADoubling = 8;
constexpr std::size_t kGapsOneIn = 8;
constexpr std::size_t kLineBytes = 64;  // of the cache

std::size_t headBytes(std::size_t bytes) {
    return bytes < kLong ? kLengthBytes : kLengthBytes + sizeof(std::uint64_t);
}

// The room of a log of so many bytes: what it needs; a long one gets an eighth more at most, so
// that it does not move each time.
std::size_t wordsFor(std::size_t bytes) {
    const std::size_t words = (headBytes(bytes) + bytes + kWord - 1) / kWord;
    if (words <= kExactWordsMax) return words;
    const std::size_t step = std::bit_floor(words) / kStepsADoubling;
    return (words + step - 1) / step * step;
}

// Numbers the sizes that wordsFor() gives, in their order.
constexpr std::size_t classOf(std::size_t words) {
    if (words <= kExactWordsMax) return words;
    const std::size_t doubled = std::bit_floor(words);
    return kExactWordsMax + (words - doubled) / (doubled / kStepsADoubling) +
           static_cast<std::size_t>(std::countr_zero(doubled / kExactWordsMax)) * kStepsADoubling;
}

std::size_t bytesOf(const std::uint32_t* log) {
    std::uint8_t length = 0;
    std::memcpy(&length, log, sizeof(length));
    if (length != kLong) return length;
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, reinterpret_cast<const std::byte*>(log) + kLengthBytes, sizeof(bytes));
    return bytes;
}

}  // namespace

std::span<const std::byte> LogShard::get(std::size_t slot) const {
    if (places_.empty() || places_[slot] == 0) return {};
    const Word* const log = at(places_[slot]);
    const std::size_t bytes = bytesOf(log);
    return {reinterpret_cast<const std::byte*>(log) + headBytes(bytes), bytes};
}

void LogShard::prefetchPlace(std::size_t slot) const {
    if (!places_.empty()) __builtin_prefetch(&places_[slot]);
}

void LogShard::prefetch(std::size_t slot) const {
    if (places_.empty() || places_[slot] == 0) return;
    // A usual log is two lines of the cache.
    const Word* const log = at(places_[slot]);
    __builtin_prefetch(log);
    __builtin_prefetch(log + kLineBytes / kWord);
}

void LogShard::prefetchRest(std::size_t slot) const {
    const auto log = get(slot);
    for (std::size_t at = 2 * kLineBytes; at < log.size(); at += kLineBytes)
        __builtin_prefetch(log.data() + at);
}

void LogShard::put(std::size_t slot, std::span<const std::byte> log) {
    if (places_.empty()) places_.resize(kPersons);
    Place& place = places_[slot];
    const std::size_t words = wordsFor(log.size());
    const std::size_t words_before = place == 0 ? 0 : wordsFor(bytesOf(at(place)));
    if (words != words_before) {
        if (place == 0)
            ++persons_;
        else
            give(std::exchange(place, 0), words_before);
        const Place taken = take(words);  // which may move all the others
        places_[slot] = taken;
    }
    auto* const to = reinterpret_cast<std::byte*>(at(places_[slot]));
    const std::uint64_t bytes = log.size();
    const auto length = static_cast<std::uint8_t>(std::min<std::uint64_t>(bytes, kLong));
    std::memcpy(to, &length, sizeof(length));
    if (length == kLong) std::memcpy(to + kLengthBytes, &bytes, sizeof(bytes));
    std::memcpy(to + headBytes(log.size()), log.data(), log.size());
}

LogShard::Place LogShard::take(std::size_t words) {
    if (words > kSharedWordsMax) return takeOwnPiece(words);
    static_assert(classOf(kSharedWordsMax) + 1 == kRoomClasses);
    static_assert(1 + kSharedWordsMax + kBehindWords <= kPieceWords);
    if (Place& gap = gaps_[classOf(words)]; gap != 0) {
        gap_words_ -= words;
        const Place taken = std::exchange(gap, *at(gap));
        if (gap != 0) __builtin_prefetch(at(gap), 1);  // the next log of this size goes there
        return taken;
    }
    if (gap_words_ > words_ / kGapsOneIn) closeGaps();
    if (filled_ + words + kBehindWords > kPieceWords) {
        // The first word of all is never used: its place is 0.
        filled_ = pieces_.empty() ? 1 : 0;
        open_ = pieces_.size();
        pieces_.push_back({std::make_unique_for_overwrite<Word[]>(kPieceWords), kPieceWords});
        words_ += kPieceWords;
    }
    const std::size_t place = open_ * kPieceWords + filled_;
    filled_ += words;
    return static_cast<Place>(place);
}

LogShard::Place LogShard::takeOwnPiece(std::size_t words) {
    if (pieces_.empty()) pieces_.emplace_back();  // its place would be 0
    const auto unused = std::ranges::find(pieces_.begin() + 1, pieces_.end(), 0, &Piece::size);
    const auto index = static_cast<std::size_t>(unused - pieces_.begin());
    if (index == pieces_.size()) pieces_.emplace_back();
    const std::size_t size = words + kBehindWords;
    pieces_[index] = {std::make_unique_for_overwrite<Word[]>(size), size};
    words_ += size;
    return static_cast<Place>(index * kPieceWords);
}

void LogShard::give(Place place, std::size_t words) {
    if (words > kSharedWordsMax) {
        Piece& own = pieces_[place / kPieceWords];
        words_ -= own.size;
        own = {};
        return;
    }
    *at(place) = std::exchange(gaps_[classOf(words)], place);
    gap_words_ += words;
}

void LogShard::closeGaps() {
    LogShard packed;
    packed.places_.resize(kPersons);
    for (std::size_t slot = 0; slot < kPersons; ++slot)
        if (const auto log = get(slot); !log.empty()) packed.put(slot, log);
    packed.persons_ = persons_;  // one of them may be without a place just now
    *this = std::move(packed);
}

std::size_t LogShard::bytes() const {
    return places_.capacity() * sizeof(Place) + words_ * kWord;
}

// The logs one after the other, each with its slot and its length before it.
std::string LogShard::toText() const {
    std::string text;
    text.reserve((words_ - gap_words_) * kWord);
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
