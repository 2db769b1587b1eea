#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "database/duckdb_handles.h"
#include "support/result.h"

// Rows in and out of DuckDB in its own columns, 2,048 rows at a time, without a call for each
// value.
namespace footfall {

inline std::string_view textOf(const duckdb_string_t& text) {
    const std::uint32_t size = text.value.inlined.length;
    return size <= sizeof(text.value.inlined.inlined)
               ? std::string_view(text.value.inlined.inlined, size)
               : std::string_view(text.value.pointer.ptr, size);
}
// Points to the text if it is long; it must outlive the append. REQUIRES: valid UTF-8.
duckdb_string_t duckDbText(std::string_view text);

template <class T>
std::span<T> columnOf(duckdb_data_chunk chunk, std::size_t index) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, index);
    return {static_cast<T*>(duckdb_vector_get_data(vector)), duckdb_vector_size()};
}

// Which rows of a column have a value.
class Validity {
  public:
    Validity(duckdb_data_chunk chunk, std::size_t index)
        : bits_(duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk, index))) {}
    bool all() const { return bits_ == nullptr; }
    bool of(std::size_t row) const { return all() || (bits_[row / 64] >> row % 64 & 1) != 0; }

  private:
    const std::uint64_t* bits_;  // nullptr: every row
};

// Runs our own SQL and shows its rows as they come. A row without a value has one that means
// nothing: ask Validity where there can be a NULL.
[[nodiscard]] Result<void> streamRows(
    duckdb_connection connection, const std::string& sql,
    const std::function<void(duckdb_data_chunk chunk, std::size_t count)>& rows);

// ChunkWriter: appends rows to one table by writing into DuckDB's columns.
// Threads: one at a time.   Lifetime: not longer than its connection.
// Order of use: open; fill rows [filled(), filled() + n) of every column, n <= room(); advance(n);
//   again; finish(). Columns must be asked for again after advance().
// Errors: writeError's. The connection's transaction must be rolled back then.
class ChunkWriter {
  public:
    [[nodiscard]] static Result<ChunkWriter> open(duckdb_connection connection, const char* table,
                                                  const char* catalog = nullptr);

    std::size_t room() const { return duckdb_vector_size() - filled_; }
    // From the first row that is not filled.
    template <class T>
    std::span<T> column(std::size_t index) {
        return columnOf<T>(chunk_.get(), index).subspan(filled_);
    }
    // Marks the i-th row from there as NULL, or the first `rows`.
    void setNull(std::size_t index, std::size_t row);
    void setNulls(std::size_t index, std::size_t rows);
    // Of a column of VARCHAR[].
    void setList(std::size_t index, std::size_t row, std::span<const std::string_view> texts);
    [[nodiscard]] Result<void> advance(std::size_t count);
    [[nodiscard]] Result<void> finish();

  private:
    ChunkWriter(std::string table, DuckDbAppender appender, DuckDbChunk chunk)
        : table_(std::move(table)),
          appender_(std::move(appender)),
          chunk_(std::move(chunk)),
          validities_(duckdb_data_chunk_get_column_count(chunk_.get())) {}
    [[nodiscard]] Result<void> flush();
    std::uint64_t* validityOf(std::size_t index);

    std::string table_;
    DuckDbAppender appender_;
    DuckDbChunk chunk_;
    std::vector<std::uint64_t*> validities_;  // of each column; nullptr while it has no NULL
    std::size_t filled_ = 0;
};

}  // namespace footfall
