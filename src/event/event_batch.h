#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event_id.h"
#include "event/payload_hash.h"
#include "support/clock.h"

namespace footfall {

// Texts one after the other in one buffer.
// Bounds: 4 GiB of bytes in all.
class TextList {
  public:
    TextList() = default;
    // REQUIRES: `ends` does not decrease and ends with the size of `joined`.
    TextList(std::vector<std::uint32_t> ends, std::string joined)
        : ends_(std::move(ends)), bytes_(std::move(joined)) {}
    bool operator==(const TextList&) const = default;

    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t index) const {
        const std::uint32_t begin = index == 0 ? 0 : ends_[index - 1];
        return {bytes_.data() + begin, ends_[index] - begin};
    }
    void push(std::string_view text);
    std::size_t bytes() const { return bytes_.size(); }
    // All of them, one after the other.
    std::string_view joined() const { return bytes_; }

  private:
    std::vector<std::uint32_t> ends_;
    std::string bytes_;
};

// The fields of an event that are text. Those before kSessionId repeat a lot within a batch and are
// kept by a dictionary; the rest hardly do and are kept as they are.
enum class TextField : std::uint8_t {
    kUserId,
    kAnonymousId,
    kEventType,
    kCity,
    kDevice,
    kChannel,
    kProductId,
    kCategory,
    kCurrency,
    kSessionId,
    kOrderId,
    kProperties,
};
constexpr std::size_t kDictionaryFieldCount = 9;
constexpr std::size_t kTextFieldCount = 12;
constexpr bool hasDictionary(TextField field) {
    return static_cast<std::size_t>(field) < kDictionaryFieldCount;
}
// The name in JSON, CSV and the view `events`: "user_id".
std::string_view fieldName(TextField field);

// One text column. With a dictionary, entry i of `entries` has the code i + 1 and each distinct
// text stands once; without, code is the entry of that row alone. Code 0: the row has no value.
struct TextColumn {
    std::vector<std::uint32_t> codes;  // one a row, or empty while no row has a value
    TextList entries;

    bool operator==(const TextColumn&) const = default;
    std::uint32_t code(std::size_t row) const { return codes.empty() ? 0 : codes[row]; }
    // "" when absent; no field's value is ever empty.
    std::string_view value(std::size_t row) const {
        const std::uint32_t c = code(row);
        return c == 0 ? std::string_view() : entries[c - 1];
    }
};

// TextColumns: the text columns of a batch, by field. In memory of their own, made with the first
// of them: a batch is handed on a dozen times, and most requests have one event, so a batch is
// small to move.
class TextColumns {
  public:
    using Columns = std::array<TextColumn, kTextFieldCount>;

    TextColumns() = default;
    ~TextColumns() = default;
    TextColumns(const TextColumns& other);
    TextColumns& operator=(const TextColumns& other);
    TextColumns(TextColumns&&) noexcept = default;
    TextColumns& operator=(TextColumns&&) noexcept = default;
    bool operator==(const TextColumns& other) const { return all() == other.all(); }

    const TextColumn& operator[](std::size_t field) const { return all()[field]; }
    TextColumn& operator[](std::size_t field) { return all()[field]; }
    const Columns& all() const { return columns_ ? *columns_ : kNone; }
    Columns& all() {
        if (!columns_) columns_ = std::make_unique<Columns>();
        return *columns_;
    }

  private:
    static const Columns kNone;

    std::unique_ptr<Columns> columns_;
};

// EventBatch: the valid events of one request, normalised, column by column. The unit that is
// acknowledged, queued and journaled whole. Codes mean nothing outside their batch: global codes
// belong to the database alone.
// Threads: a value; const from any thread.
// Shape: every vector has one entry a row. Rows are in the order of the request.
// Bounds: rows <= 5,000 when it came over HTTP; the builder checks none.
struct EventBatch {
    static constexpr std::int64_t kNoAmount = -1;
    static constexpr std::int64_t kNoQuantity = -1;

    UtcTime received_at;                  // one for the whole request
    std::uint32_t rejected_count = 0;     // events of the same request that were refused
    std::uint32_t assigned_id_count = 0;  // rows that came without event_id
    std::uint32_t late_count = 0;         // rows older than 30 days when received

    std::vector<EventId> ids;
    std::vector<std::int64_t> timestamps_us;            // UTC
    std::vector<std::int64_t> amounts_ten_thousandths;  // kNoAmount: absent
    std::vector<std::int64_t> quantities;               // kNoQuantity: absent
    std::vector<PayloadHash> payload_hashes;
    TextColumns texts;

    bool operator==(const EventBatch&) const = default;
    std::size_t size() const { return ids.size(); }
    bool empty() const { return ids.empty(); }
    const TextColumn& text(TextField field) const { return texts[static_cast<std::size_t>(field)]; }
    std::string_view value(TextField field, std::size_t row) const {
        return text(field).value(row);
    }
    // What it holds in memory, about; the measure of the queue's bound in bytes.
    std::size_t bytes() const;
};

// One event as texts and numbers: what the builder takes, what dead letters and exports show.
// An empty text is an absent one. Views point into memory of the caller's.
struct EventView {
    EventId id;
    std::int64_t timestamp_us = 0;
    std::int64_t amount_ten_thousandths = EventBatch::kNoAmount;
    std::int64_t quantity = EventBatch::kNoQuantity;
    PayloadHash payload_hash = 0;
    std::array<std::string_view, kTextFieldCount> texts;

    std::string_view& text(TextField field) { return texts[static_cast<std::size_t>(field)]; }
    std::string_view text(TextField field) const { return texts[static_cast<std::size_t>(field)]; }
};
EventView eventAt(const EventBatch& batch, std::size_t row);

// EventBatchBuilder: appends events to a batch and keeps its dictionaries. One is reused for many
// batches, so that its hash tables are allocated once.
// Threads: one at a time.   Cost: one hash and, mostly, one comparison a dictionary field.
class EventBatchBuilder {
  public:
    EventBatchBuilder();
    // Appends to the batch being built. Copies the texts.
    void append(const EventView& event);
    std::size_t size() const { return batch_.size(); }
    EventBatch& batch() { return batch_; }
    // Hands over what was built and starts an empty batch.
    EventBatch take();

  private:
    // Open addressing from text to code; a slot is live when its generation is the current one.
    struct Slot {
        std::uint32_t generation = 0;
        std::uint32_t code = 0;
        std::uint64_t hash = 0;
    };
    struct Index {
        std::vector<Slot> slots;
        std::size_t used = 0;
    };
    std::uint32_t codeOf(std::size_t field, std::string_view text, std::uint64_t hash);
    void grow(std::size_t field);

    EventBatch batch_;
    std::array<Index, kDictionaryFieldCount> indexes_;
    std::uint32_t generation_ = 1;
    std::uint64_t hash_seed_;  // drawn at random: texts come from outside
};

}  // namespace footfall
