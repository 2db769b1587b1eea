#include "event/event_batch.h"

#include <algorithm>
#include <array>

#include "support/check.h"
#include "support/copy_text.h"
#include "support/hash.h"
#include "support/same_text.h"

namespace footfall {
namespace {

constexpr std::size_t kFirstSlots = 16;

template <class T>
std::size_t bytesOf(const std::vector<T>& values) {
    return values.size() * sizeof(T);
}

}  // namespace

void TextList::push(std::string_view text) {
    const std::size_t begin = bytes_.size();
    const std::size_t end = begin + text.size();
    CHECK(end <= UINT32_MAX, "a batch's texts stay below 4 GiB");
    if (bytes_.capacity() < end) bytes_.reserve(2 * end);
    // What is asked for counts: libstdc++ 12 may give more room.
    bytes_.resize_and_overwrite(end, [&](char* bytes, std::size_t /*room*/) {
        copyText(text, bytes + begin);
        return end;
    });
    ends_.push_back(static_cast<std::uint32_t>(end));
}

std::string_view fieldName(TextField field) {
    static constexpr std::array<std::string_view, kTextFieldCount> kNames = {
        "user_id",    "anonymous_id", "event_type", "city",       "device",   "channel",
        "product_id", "category",     "currency",   "session_id", "order_id", "properties"};
    return kNames[static_cast<std::size_t>(field)];
}

const TextColumns::Columns TextColumns::kNone;

TextColumns::TextColumns(const TextColumns& other)
    : columns_(other.columns_ ? std::make_unique<Columns>(*other.columns_) : nullptr) {}

TextColumns& TextColumns::operator=(const TextColumns& other) {
    return *this = TextColumns(other);
}

std::size_t EventBatch::bytes() const {
    std::size_t sum = sizeof(EventBatch) + sizeof(TextColumns::Columns) + bytesOf(ids) +
                      bytesOf(timestamps_us) + bytesOf(amounts_ten_thousandths) +
                      bytesOf(quantities) + bytesOf(payload_hashes);
    for (const TextColumn& column : texts.all())
        sum += bytesOf(column.codes) + column.entries.bytes() +
               column.entries.size() * sizeof(std::uint32_t);
    return sum;
}

EventView eventAt(const EventBatch& batch, std::size_t row) {
    EventView event{.id = batch.ids[row],
                    .timestamp_us = batch.timestamps_us[row],
                    .amount_ten_thousandths = batch.amounts_ten_thousandths[row],
                    .quantity = batch.quantities[row],
                    .payload_hash = batch.payload_hashes[row],
                    .texts = {}};
    for (std::size_t field = 0; field < kTextFieldCount; ++field)
        event.texts[field] = batch.texts[field].value(row);
    return event;
}

EventBatchBuilder::EventBatchBuilder() : hash_seed_(randomSeed()) {}

void EventBatchBuilder::append(const EventView& event) {
    // Memory is what takes the time: all slots are asked for before the first is looked at.
    std::array<std::uint64_t, kDictionaryFieldCount> hashes{};
    for (std::size_t field = 0; field < kDictionaryFieldCount; ++field) {
        const std::string_view text = event.texts[field];
        const std::vector<Slot>& slots = indexes_[field].slots;
        if (text.empty()) continue;
        hashes[field] = XXH3_64bits_withSeed(text.data(), text.size(), hash_seed_);
        if (!slots.empty()) __builtin_prefetch(&slots[hashes[field] & (slots.size() - 1)]);
    }
    TextColumns::Columns& columns = batch_.texts.all();
    for (std::size_t field = 0; field < kTextFieldCount; ++field) {
        TextColumn& column = columns[field];
        const std::string_view text = event.texts[field];
        if (text.empty()) {
            if (!column.codes.empty()) column.codes.push_back(0);
            continue;
        }
        if (column.codes.empty()) column.codes.resize(batch_.size(), 0);
        if (hasDictionary(static_cast<TextField>(field))) {
            column.codes.push_back(codeOf(field, text, hashes[field]));
        } else {
            column.entries.push(text);
            column.codes.push_back(static_cast<std::uint32_t>(column.entries.size()));
        }
    }
    batch_.ids.push_back(event.id);
    batch_.timestamps_us.push_back(event.timestamp_us);
    batch_.amounts_ten_thousandths.push_back(event.amount_ten_thousandths);
    batch_.quantities.push_back(event.quantity);
    batch_.payload_hashes.push_back(event.payload_hash);
}

EventBatch EventBatchBuilder::take() {
    EventBatch done = std::move(batch_);
    batch_ = EventBatch();
    ++generation_;
    for (Index& index : indexes_) index.used = 0;
    return done;
}

std::uint32_t EventBatchBuilder::codeOf(std::size_t field, std::string_view text,
                                        std::uint64_t hash) {
    Index& index = indexes_[field];
    if (index.used * 2 >= index.slots.size()) grow(field);

    TextList& entries = batch_.texts[field].entries;
    const std::size_t mask = index.slots.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
        Slot& slot = index.slots[at];
        if (slot.generation != generation_) {
            entries.push(text);
            slot = {.generation = generation_,
                    .code = static_cast<std::uint32_t>(entries.size()),
                    .hash = hash};
            ++index.used;
            return slot.code;
        }
        if (slot.hash == hash && sameText(entries[slot.code - 1], text)) return slot.code;
    }
}

void EventBatchBuilder::grow(std::size_t field) {
    Index& index = indexes_[field];
    std::vector<Slot> old = std::move(index.slots);
    index.slots.assign(std::max(kFirstSlots, old.size() * 2), Slot());
    const std::size_t mask = index.slots.size() - 1;
    for (const Slot& slot : old) {
        if (slot.generation != generation_) continue;
        std::size_t at = slot.hash & mask;
        while (index.slots[at].generation == generation_) at = (at + 1) & mask;
        index.slots[at] = slot;
    }
}

}  // namespace footfall
