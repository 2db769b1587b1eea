#include "database/code_table.h"

#include <algorithm>
#include <bit>
#include <ranges>
#include <utility>

#include <xxhash.h>

#include "support/check.h"
#include "support/random.h"

namespace footfall {
namespace {

// How many texts are on their way at once: as many as a core has misses outstanding, and some.
constexpr std::size_t kGroup = 32;
constexpr std::size_t kFirstSlots = 64;
// Texts that are remembered until they come again: 256 kB.
constexpr std::size_t kSeen = 65'536;

constexpr std::uint8_t tagOf(const std::array<std::uint32_t, 3>& key) {
    return static_cast<std::uint8_t>(key[0] >> 24);
}

}  // namespace

std::uint32_t CodeTable::Slot::number() const {
    return std::bit_cast<std::uint32_t>(code);
}

std::size_t CodeTable::Part::homeOf(const Key& key) const {
    return key[1] * std::uint64_t{slots.size()} >> 32;  // the number of slots is no power of two
}

CodeTable::CodeTable() {
    Random random(randomSeed());
    std::ranges::generate(secret_, [&] { return static_cast<std::uint8_t>(random.next()); });
}

std::uint32_t CodeTable::codeOf(std::string_view text, bool anonymous) {
    std::uint32_t code = 0;
    codesOf({&text, 1}, anonymous, {&code, 1});
    return code;
}

void CodeTable::codesOf(std::span<const std::string_view> texts, bool anonymous,
                        std::span<std::uint32_t> codes) {
    std::array<Key, kGroup> keys;
    while (!texts.empty()) {
        const std::size_t count = std::min(texts.size(), kGroup);
        for (std::size_t i = 0; i < count; ++i) {
            keys[i] = keyOf(texts[i], anonymous);
            prefetchSlot(keys[i]);
        }
        for (std::size_t i = 0; i < count; ++i) prefetchKey(keys[i]);
        for (std::size_t i = 0; i < count; ++i) {
            codes[i] = find(keys[i]);
            if (codes[i] == 0) codes[i] = addNew(keys[i], texts[i], anonymous);
        }
        texts = texts.subspan(count);
        codes = codes.subspan(count);
    }
}

std::uint32_t CodeTable::codeOfRepeated(std::string_view text, std::size_t texts_max) {
    const Key key = keyOf(text, false);
    if (const std::uint32_t code = find(key); code != 0) return code;
    if (size_ >= texts_max) return 0;
    if (seen_.empty()) seen_.resize(kSeen);
    std::uint32_t& seen = seen_[key[1] % kSeen];
    if (seen == key[2]) return addNew(key, text, false);
    seen = key[2];
    return 0;
}

std::uint32_t CodeTable::addNew(const Key& key, std::string_view text, bool anonymous) {
    CHECK(next_ != UINT32_MAX, "a dictionary has fewer than 2^32 texts");
    const std::uint32_t code = next_++;
    add(key, code);
    added_.push_back({.code = code, .anonymous = anonymous, .text = text});
    return code;
}

void CodeTable::discard() {
    for (const Entry& added : added_) erase(keyOf(added.text, added.anonymous), added.code);
    next_ -= static_cast<std::uint32_t>(added_.size());
    added_.clear();
}

void CodeTable::restore(std::span<const Entry> entries) {
    std::array<Key, kGroup> keys;
    while (!entries.empty()) {
        const std::size_t count = std::min(entries.size(), kGroup);
        for (std::size_t i = 0; i < count; ++i) {
            keys[i] = keyOf(entries[i].text, entries[i].anonymous);
            prefetchSlot(keys[i]);
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (find(keys[i]) == 0) add(keys[i], entries[i].code);
            next_ = std::max(next_, entries[i].code + 1);
        }
        entries = entries.subspan(count);
    }
}

CodeTable::Key CodeTable::keyOf(std::string_view text, bool anonymous) const {
    XXH128_hash_t hash =
        XXH3_128bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
    // Another constant for each name space keeps equal texts in them apart.
    if (anonymous) hash.low64 ^= 0x9e3779b97f4a7c15ULL;
    return {static_cast<std::uint32_t>(hash.low64), static_cast<std::uint32_t>(hash.low64 >> 32),
            static_cast<std::uint32_t>(hash.high64)};
}

CodeTable::Part& CodeTable::partOf(const Key& key) {
    return parts_[key[0] % kParts];
}

void CodeTable::prefetchSlot(const Key& key) {
    const Part& part = partOf(key);
    if (!part.slots.empty()) __builtin_prefetch(&part.slots[part.homeOf(key)]);
}

void CodeTable::prefetchKey(const Key& key) {
    const Part& part = partOf(key);
    if (part.slots.empty()) return;
    for (std::size_t i = part.homeOf(key);; i = part.after(i)) {
        const std::uint32_t code = part.slots[i].number();
        if (code == 0) return;
        if (part.slots[i].tag == tagOf(key)) return __builtin_prefetch(&keyAt(code));
    }
}

std::uint32_t CodeTable::find(const Key& key) {
    const Part& part = partOf(key);
    if (part.slots.empty()) return 0;
    for (std::size_t i = part.homeOf(key);; i = part.after(i)) {
        const std::uint32_t code = part.slots[i].number();
        if (code == 0) return 0;
        if (part.slots[i].tag == tagOf(key) && keyAt(code) == key) return code;
    }
}

void CodeTable::add(const Key& key, std::uint32_t code) {
    const std::size_t chunk = code / kChunkKeys;
    if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
    if (!chunks_[chunk]) chunks_[chunk] = std::make_unique<std::array<Key, kChunkKeys>>();
    (*chunks_[chunk])[code % kChunkKeys] = key;

    Part& part = partOf(key);
    // Four of five slots at most: beyond, the ways get long.
    if (part.slots.size() * 4 <= part.used * 5) grow(part);
    place(part, key, code);
    ++part.used;
    ++size_;
}

void CodeTable::place(Part& part, const Key& key, std::uint32_t code) {
    std::size_t i = part.homeOf(key);
    while (part.slots[i].number() != 0) i = part.after(i);
    part.slots[i] = {.tag = tagOf(key), .code = std::bit_cast<std::array<std::uint8_t, 4>>(code)};
}

void CodeTable::grow(Part& part) {
    const auto index = static_cast<std::size_t>(&part - parts_.data());
    const std::size_t first = kFirstSlots + kFirstSlots * index / kParts;
    const std::size_t size = part.slots.empty() ? first : 2 * part.slots.size();
    for (const Slot& slot : std::exchange(part.slots, std::vector<Slot>(size)))
        if (const std::uint32_t code = slot.number(); code != 0) place(part, keyAt(code), code);
}

void CodeTable::erase(const Key& key, std::uint32_t code) {
    Part& part = partOf(key);
    std::size_t gap = part.homeOf(key);
    while (part.slots[gap].number() != code) gap = part.after(gap);
    // What follows without a gap moves up unless its home lies behind the gap.
    const auto distance = [&part](std::size_t from, std::size_t to) {
        return to >= from ? to - from : to + part.slots.size() - from;
    };
    for (std::size_t i = part.after(gap); part.slots[i].number() != 0; i = part.after(i)) {
        const std::size_t home = part.homeOf(keyAt(part.slots[i].number()));
        if (distance(home, i) < distance(gap, i)) continue;
        part.slots[gap] = part.slots[i];
        gap = i;
    }
    part.slots[gap] = {};
    --part.used;
    --size_;
}

}  // namespace footfall
