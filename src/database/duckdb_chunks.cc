#include "database/duckdb_chunks.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "database/duckdb_errors.h"
#include "support/check.h"

namespace footfall {
namespace {

constexpr std::size_t kWordBits = 64;  // of a validity mask

DuckDbChunk chunkFor(const DuckDbAppender& appender) {
    std::vector<DuckDbType> types;
    std::vector<duckdb_logical_type> handles;
    for (idx_t i = 0; i < duckdb_appender_column_count(appender.get()); ++i) {
        types.emplace_back(duckdb_appender_column_type(appender.get(), i));
        handles.push_back(types.back().get());
    }
    return DuckDbChunk(duckdb_create_data_chunk(handles.data(), handles.size()));
}

}  // namespace

duckdb_string_t duckDbText(std::string_view text) {
    CHECK(text.size() <= UINT32_MAX, "a text is below 4 GiB");
    duckdb_string_t out{};
    out.value.inlined.length = static_cast<std::uint32_t>(text.size());
    if (text.size() <= sizeof(out.value.inlined.inlined)) {
        text.copy(out.value.inlined.inlined, text.size());  // of an empty one nothing
    } else {
        std::memcpy(out.value.pointer.prefix, text.data(), sizeof(out.value.pointer.prefix));
        // DuckDB only reads it: appending copies.
        out.value.pointer.ptr = const_cast<char*>(text.data());
    }
    return out;
}

Result<void> streamRows(
    duckdb_connection connection, const std::string& sql,
    const std::function<void(duckdb_data_chunk chunk, std::size_t count)>& rows) {
    DuckDbStatement statement;
    if (duckdb_prepare(connection, sql.c_str(), statement.out()) != DuckDBSuccess)
        return fail(Code::kInternal, duckdb_prepare_error(statement.get()));
    DuckDbResult result;
    if (duckdb_execute_prepared_streaming(statement.get(), result.get()) != DuckDBSuccess)
        return std::unexpected(writeError("read", result));
    while (const DuckDbChunk chunk = result.fetch())
        rows(chunk.get(), duckdb_data_chunk_get_size(chunk.get()));
    if (duckdb_result_error(result.get()) != nullptr)
        return std::unexpected(writeError("read", result));
    return {};
}

Result<ChunkWriter> ChunkWriter::open(duckdb_connection connection, const char* table,
                                      const char* catalog) {
    DuckDbAppender appender;
    if (duckdb_appender_create_ext(connection, catalog, nullptr, table, appender.out()) !=
        DuckDBSuccess)
        return std::unexpected(writeError(fmt::format("append to {}", table), appender));
    DuckDbChunk chunk = chunkFor(appender);
    return ChunkWriter(table, std::move(appender), std::move(chunk));
}

std::uint64_t* ChunkWriter::validityOf(std::size_t index) {
    std::uint64_t*& validity = validities_[index];
    if (validity == nullptr) {
        const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk_.get(), index);
        duckdb_vector_ensure_validity_writable(vector);
        validity = duckdb_vector_get_validity(vector);
    }
    return validity;
}

void ChunkWriter::setNull(std::size_t index, std::size_t row) {
    const std::size_t bit = filled_ + row;
    validityOf(index)[bit / kWordBits] &= ~(std::uint64_t{1} << bit % kWordBits);
}

void ChunkWriter::setNulls(std::size_t index, std::size_t rows) {
    std::uint64_t* const validity = validityOf(index);
    const std::size_t end = filled_ + rows;
    for (std::size_t bit = filled_; bit < end;) {
        const std::size_t offset = bit % kWordBits;
        const std::size_t count = std::min(kWordBits - offset, end - bit);
        validity[bit / kWordBits] &= ~(~std::uint64_t{0} >> (kWordBits - count) << offset);
        bit += count;
    }
}

void ChunkWriter::setList(std::size_t index, std::size_t row,
                          std::span<const std::string_view> texts) {
    const duckdb_vector lists = duckdb_data_chunk_get_vector(chunk_.get(), index);
    const idx_t begin = duckdb_list_vector_get_size(lists);
    const idx_t end = begin + texts.size();
    CHECK(duckdb_list_vector_reserve(lists, end) == DuckDBSuccess, "memory for some texts");
    CHECK(duckdb_list_vector_set_size(lists, end) == DuckDBSuccess, "it was reserved");
    auto* const out =
        static_cast<duckdb_string_t*>(duckdb_vector_get_data(duckdb_list_vector_get_child(lists)));
    std::ranges::transform(texts, out + begin, duckDbText);
    column<duckdb_list_entry>(index)[row] = {.offset = begin, .length = texts.size()};
}

Result<void> ChunkWriter::advance(std::size_t count) {
    CHECK(count <= room(), "no more rows than there is room for");
    filled_ += count;
    if (room() > 0) return {};
    return flush();
}

Result<void> ChunkWriter::finish() {
    if (Result<void> done = flush(); !done) return done;
    if (duckdb_appender_close(appender_.get()) != DuckDBSuccess)
        return std::unexpected(writeError(fmt::format("append to {}", table_), appender_));
    return {};
}

Result<void> ChunkWriter::flush() {
    duckdb_data_chunk_set_size(chunk_.get(), filled_);
    filled_ = 0;
    const duckdb_state state = duckdb_append_data_chunk(appender_.get(), chunk_.get());
    duckdb_data_chunk_reset(chunk_.get());
    std::ranges::fill(validities_, nullptr);
    if (state != DuckDBSuccess)
        return std::unexpected(writeError(fmt::format("append to {}", table_), appender_));
    return {};
}

}  // namespace footfall
