#include "database/duckdb_append.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "database/duckdb_chunks.h"
#include "database/packed_text.h"

namespace footfall {
namespace {

// The columns of stored_events in their order there.
enum Column : std::size_t {
    kSequence,
    kEventId,
    kPerson,
    kAnonymous,
    kEventType,
    kCity,
    kDevice,
    kChannel,
    kProduct,
    kCategory,
    kCurrency,
    kSessionId,
    kOrderId,
    kProperties,
    kTexts,
    kQuantity,
    kAmount,
    kTimestamp,
    kReceivedAt,
    kPayloadHash,
};

constexpr std::array<std::pair<Column, TextField>, 7> kCodeColumns = {{
    {kEventType, TextField::kEventType},
    {kCity, TextField::kCity},
    {kDevice, TextField::kDevice},
    {kChannel, TextField::kChannel},
    {kProduct, TextField::kProductId},
    {kCategory, TextField::kCategory},
    {kCurrency, TextField::kCurrency},
}};

// FieldCodes: the database's codes of one text field of a batch's rows.
struct FieldCodes {
    std::span<const std::uint32_t> local;  // the batch's own, one a row; none when no row has one
    std::span<const std::uint32_t> known;  // the database's, by those

    // 0: the row has no value. REQUIRES: it is one of the rows of BatchCodes::start().
    std::uint32_t operator()(std::size_t row) const {
        return local.empty() ? 0 : known[local[row]];
    }
};

// BatchCodes: from the codes of one batch to those of the database. Those that the stored rows need
// are asked for at once: what is asked for together costs less.
class BatchCodes {
  public:
    explicit BatchCodes(CodeTables& tables) : tables_(tables) {}

    void start(const EventBatch& batch, std::span<const std::uint32_t> rows) {
        batch_ = &batch;
        for (std::size_t field = 0; field < kDictionaryFieldCount; ++field)
            ask(static_cast<TextField>(field), rows);
    }
    FieldCodes of(TextField field) const {
        return {.local = batch_->text(field).codes,
                .known = known_[static_cast<std::size_t>(field)]};
    }

  private:
    void ask(TextField field, std::span<const std::uint32_t> rows) {
        const TextColumn& column = batch_->text(field);
        if (column.codes.empty()) return;
        std::vector<std::uint32_t>& known = known_[static_cast<std::size_t>(field)];
        known.assign(1 + column.entries.size(), 0);
        wanted_.clear();
        for (const std::uint32_t row : rows) {
            const std::uint32_t local = column.codes[row];
            if (local == 0 || known[local] != 0) continue;
            known[local] = 1;  // wanted
            wanted_.push_back(local - 1);
        }
        codes_.resize(wanted_.size());
        tables_.codesOf(field, column.entries, wanted_, codes_);
        for (std::size_t i = 0; i < wanted_.size(); ++i) known[1 + wanted_[i]] = codes_[i];
    }

    CodeTables& tables_;
    const EventBatch* batch_ = nullptr;
    // By the batch's codes; [0] is 0.
    std::array<std::vector<std::uint32_t>, kDictionaryFieldCount> known_;
    std::vector<std::uint32_t> wanted_;
    std::vector<std::uint32_t> codes_;
};

// Some rows of a part, as many as fit into the writer's chunk.
struct Slice {
    const EventBatch& batch;
    SequenceNumber first;
    std::span<const std::uint32_t> rows;
};

template <class T, class ValueOf>
void fill(ChunkWriter& writer, Column column, const Slice& slice, const ValueOf& value_of) {
    const std::span<T> out = writer.column<T>(column);
    for (std::size_t i = 0; i < slice.rows.size(); ++i) out[i] = value_of(slice.rows[i]);
}

// As fill(), with NULL where the value is `absent`.
template <class T, class ValueOf>
void fillOrNull(ChunkWriter& writer, Column column, const Slice& slice, T absent,
                const ValueOf& value_of) {
    const std::span<T> out = writer.column<T>(column);
    for (std::size_t i = 0; i < slice.rows.size(); ++i) {
        const T value = value_of(slice.rows[i]);
        out[i] = value;
        if (value == absent) writer.setNull(column, i);
    }
}

// Rests: what of the rows' session ids, order ids and properties is no number, for the column
// kTexts. Few rows have anything.
class Rests {
  public:
    using Texts = std::array<std::string_view, 3>;

    explicit Rests(std::size_t rows) : places_(rows) {}
    void put(std::size_t row, std::size_t field, std::string_view text) {
        if (places_[row] == 0) {
            texts_.emplace_back();
            places_[row] = static_cast<std::uint32_t>(texts_.size());
        }
        texts_[places_[row] - 1][field] = text;
    }
    bool empty() const { return texts_.empty(); }
    // nullptr: there is nothing.
    const Texts* of(std::size_t row) const {
        return places_[row] == 0 ? nullptr : &texts_[places_[row] - 1];
    }

  private:
    std::vector<std::uint32_t> places_;  // by row: in texts_, + 1; 0: none
    std::vector<Texts> texts_;
};

// A value that is no number (nullopt) is left to the rest of its row.
template <class T, class NumberOf>
void fillNumber(ChunkWriter& writer, Column column, const Slice& slice, TextField field,
                Rests& rests, const NumberOf& number_of) {
    const TextColumn& texts = slice.batch.text(field);
    if (texts.codes.empty()) {
        writer.setNulls(column, slice.rows.size());
        return;
    }
    const std::span<T> numbers = writer.column<T>(column);
    for (std::size_t i = 0; i < slice.rows.size(); ++i) {
        const std::string_view text = texts.value(slice.rows[i]);
        const std::optional<T> number = text.empty() ? std::nullopt : number_of(text);
        if (number) {
            numbers[i] = *number;
        } else {
            writer.setNull(column, i);
            if (!text.empty()) rests.put(i, column - kSessionId, text);
        }
    }
}

std::optional<duckdb_hugeint> packedUuid(std::string_view text) {
    const std::optional<PackedText> packed = packedText(text);
    if (!packed) return std::nullopt;
    return uuidOf({.high = packed->high, .low = packed->low});
}

void fillTexts(ChunkWriter& writer, const Slice& slice, CodeTables& codes) {
    const auto code_of = [&codes](std::string_view text) -> std::optional<std::uint32_t> {
        const std::uint32_t code = codes.codeOfProperties(text);
        if (code == 0) return std::nullopt;
        return code;
    };
    Rests rests(slice.rows.size());
    fillNumber<duckdb_hugeint>(writer, kSessionId, slice, TextField::kSessionId, rests, packedUuid);
    fillNumber<duckdb_hugeint>(writer, kOrderId, slice, TextField::kOrderId, rests, packedUuid);
    fillNumber<std::uint32_t>(writer, kProperties, slice, TextField::kProperties, rests, code_of);
    if (rests.empty()) {
        writer.setNulls(kTexts, slice.rows.size());
        return;
    }
    for (std::size_t i = 0; i < slice.rows.size(); ++i)
        if (const Rests::Texts* const texts = rests.of(i); texts != nullptr)
            writer.setList(kTexts, i, *texts);
        else
            writer.setNull(kTexts, i);
}

void fillCode(ChunkWriter& writer, Column column, const Slice& slice, const FieldCodes& codes) {
    if (!codes.local.empty()) {
        fillOrNull<std::uint32_t>(writer, column, slice, 0, codes);
        return;
    }
    std::ranges::fill(writer.column<std::uint32_t>(column).first(slice.rows.size()), 0);
    writer.setNulls(column, slice.rows.size());
}

void fillCodes(ChunkWriter& writer, const Slice& slice, const BatchCodes& codes) {
    for (const auto& [column, field] : kCodeColumns)
        fillCode(writer, column, slice, codes.of(field));
    const FieldCodes anonymous = codes.of(TextField::kAnonymousId);
    fillCode(writer, kAnonymous, slice, anonymous);
    const FieldCodes users = codes.of(TextField::kUserId);
    fill<std::uint32_t>(writer, kPerson, slice, [&](std::uint32_t row) {
        const std::uint32_t user = users(row);
        return user != 0 ? user : anonymous(row);
    });
}

void fillNumbers(ChunkWriter& writer, const Slice& slice) {
    const EventBatch& batch = slice.batch;
    fill<std::uint64_t>(writer, kSequence, slice,
                        [&](std::uint32_t row) { return (slice.first + row).value; });
    fill<duckdb_hugeint>(writer, kEventId, slice,
                         [&](std::uint32_t row) { return uuidOf(batch.ids[row]); });
    fillOrNull<std::int64_t>(writer, kQuantity, slice, EventBatch::kNoQuantity,
                             [&](std::uint32_t row) { return batch.quantities[row]; });
    fillOrNull<std::int64_t>(writer, kAmount, slice, EventBatch::kNoAmount,
                             [&](std::uint32_t row) { return batch.amounts_ten_thousandths[row]; });
    fill<std::int64_t>(writer, kTimestamp, slice,
                       [&](std::uint32_t row) { return batch.timestamps_us[row]; });
    fill<std::int64_t>(writer, kReceivedAt, slice,
                       [&](std::uint32_t) { return microsSinceEpoch(batch.received_at); });
    fill<PayloadHash>(writer, kPayloadHash, slice,
                      [&](std::uint32_t row) { return batch.payload_hashes[row]; });
}

// Copies what the writer's chunk has of the slice; an absent value stands there as it is told.
void collect(ChunkWriter& writer, const Slice& slice, StoredRows& stored) {
    const auto copy = [&]<class T>(Column column, std::vector<T>& to) {
        const std::span<const T> values = writer.column<T>(column).first(slice.rows.size());
        to.insert(to.end(), values.begin(), values.end());
    };
    for (const std::uint32_t row : slice.rows) {
        stored.sequences.push_back(slice.first + row);
        stored.ids.push_back(slice.batch.ids[row]);
        stored.order_ids.push_back(slice.batch.value(TextField::kOrderId, row));
    }
    copy(kTimestamp, stored.timestamps_us);
    copy(kAmount, stored.amounts_ten_thousandths);
    copy(kPerson, stored.persons);
    copy(kEventType, stored.event_types);
    copy(kCity, stored.cities);
    copy(kDevice, stored.devices);
    copy(kChannel, stored.channels);
    copy(kProduct, stored.products);
    copy(kCurrency, stored.currencies);
}

}  // namespace

Result<void> appendEvents(duckdb_connection connection, const Commit& commit, CodeTables& codes,
                          StoredRows* stored) {
    Result<ChunkWriter> writer = ChunkWriter::open(connection, "stored_events");
    if (!writer) return std::unexpected(writer.error());
    BatchCodes batch_codes(codes);
    for (const CommitPart& part : commit.parts) {
        batch_codes.start(*part.batch, part.rows);
        std::span<const std::uint32_t> rows = part.rows;
        while (!rows.empty()) {
            const std::size_t count = std::min(rows.size(), writer->room());
            const Slice slice{*part.batch, part.first, rows.first(count)};
            fillNumbers(*writer, slice);
            fillCodes(*writer, slice, batch_codes);
            fillTexts(*writer, slice, codes);
            if (stored != nullptr) collect(*writer, slice, *stored);
            if (Result<void> done = writer->advance(count); !done) return done;
            rows = rows.subspan(count);
        }
    }
    return writer->finish();
}

Result<void> appendCommitRow(duckdb_connection connection, const Commit& commit,
                             UtcTime committed_at) {
    Result<ChunkWriter> writer = ChunkWriter::open(connection, "commits");
    if (!writer) return std::unexpected(writer.error());
    const EventCounters& delta = commit.delta;
    std::size_t column = 0;
    const auto put = [&](std::uint64_t value) {
        writer->column<std::uint64_t>(column++)[0] = value;
    };
    put(commit.range.first.value);
    put(commit.range.last.value);
    writer->column<std::int64_t>(column++)[0] = microsSinceEpoch(committed_at);
    for (const std::uint64_t value :
         {delta.stored, delta.duplicates, delta.conflicts, delta.dead_lettered, delta.rejected,
          delta.without_id, delta.late})
        put(value);
    if (Result<void> done = writer->advance(1); !done) return done;
    return writer->finish();
}

}  // namespace footfall
