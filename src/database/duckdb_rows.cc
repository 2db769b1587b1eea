#include "database/duckdb_rows.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "database/code_tables.h"
#include "database/duckdb_append.h"
#include "database/duckdb_chunks.h"
#include "database/duckdb_writer.h"
#include "database/packed_text.h"

namespace footfall {
namespace {

// Eight of DuckDB's chunks: 1.4 MB, which a core keeps in its cache.
constexpr std::size_t kPieceRows = 16'384;

constexpr const char* kColumns =
    "sequence, event_id, \"timestamp\", amount, person, event_type, city, device, channel, product,"
    " currency, order_id, coalesce(texts[2], '')";

// Pieces: puts DuckDB's chunks together to pieces and hands those over.
// Threads: one at a time.   Order of use: add() for each chunk, then finish().
class Pieces {
  public:
    Pieces(std::vector<StoredRows::Name> names, const std::function<void(StoredRows&&)>& piece)
        : piece_(piece) {
        rows_.names = std::move(names);
    }

    // Rows of kColumns.
    void add(duckdb_data_chunk chunk, std::size_t count) {
        if (rows_.size() == 0) rows_.reserve(kPieceRows);
        for (const std::uint64_t number : columnOf<std::uint64_t>(chunk, 0).first(count))
            rows_.sequences.push_back({number});
        for (const duckdb_hugeint uuid : columnOf<duckdb_hugeint>(chunk, 1).first(count))
            rows_.ids.push_back(eventIdOf(uuid));
        copyOr(chunk, 2, count, std::int64_t{0}, rows_.timestamps_us);
        copyOr(chunk, 3, count, EventBatch::kNoAmount, rows_.amounts_ten_thousandths);
        std::size_t column = 4;
        for (std::vector<std::uint32_t>* codes :
             {&rows_.persons, &rows_.event_types, &rows_.cities, &rows_.devices, &rows_.channels,
              &rows_.products, &rows_.currencies})
            copyOr(chunk, column++, count, std::uint32_t{0}, *codes);
        copyOrderIds(chunk, column, count);
        if (rows_.size() + duckdb_vector_size() > kPieceRows) handOver();
    }
    void finish() {
        if (is_first_ || rows_.size() > 0) handOver();
    }

  private:
    template <class T>
    static void copyOr(duckdb_data_chunk chunk, std::size_t column, std::size_t count, T absent,
                       std::vector<T>& to) {
        const std::span<const T> values = columnOf<T>(chunk, column).first(count);
        const std::size_t begin = to.size();
        to.insert(to.end(), values.begin(), values.end());
        const Validity validity(chunk, column);
        if (validity.all()) return;
        for (std::size_t row = 0; row < count; ++row)
            if (!validity.of(row)) to[begin + row] = absent;
    }
    void copyOrderIds(duckdb_data_chunk chunk, std::size_t column, std::size_t count) {
        const auto uuids = columnOf<duckdb_hugeint>(chunk, column);
        const auto texts = columnOf<duckdb_string_t>(chunk, column + 1);
        const Validity is_packed(chunk, column);
        for (std::size_t row = 0; row < count; ++row) {
            if (is_packed.of(row)) {
                const EventId id = eventIdOf(uuids[row]);
                order_ids_.push(textOf(PackedText{.high = id.high, .low = id.low}));
            } else {
                order_ids_.push(textOf(texts[row]));
            }
        }
    }
    void handOver() {
        for (std::size_t row = 0; row < order_ids_.size(); ++row)
            rows_.order_ids.push_back(order_ids_[row]);
        piece_(std::move(rows_));
        rows_ = {};
        order_ids_ = {};
        is_first_ = false;
    }

    const std::function<void(StoredRows&&)>& piece_;
    StoredRows rows_;
    TextList order_ids_;  // of rows_, which point into it when they are handed over
    bool is_first_ = true;
};

}  // namespace

Result<SequenceNumber> readStoredRows(duckdb_connection connection, const std::string& source,
                                      const std::function<void(StoredRows&&)>& piece) {
    const Result<Applied> applied = readApplied(connection);
    if (!applied) return std::unexpected(applied.error());
    Result<std::vector<StoredRows::Name>> names = readNames(connection);
    if (!names) return std::unexpected(names.error());
    Pieces pieces(std::move(*names), piece);
    Result<void> done =
        streamRows(connection, fmt::format("SELECT {} FROM {}", kColumns, source),
                   [&](duckdb_data_chunk chunk, std::size_t count) { pieces.add(chunk, count); });
    if (!done) return std::unexpected(done.error());
    pieces.finish();
    return applied->last;
}

}  // namespace footfall
