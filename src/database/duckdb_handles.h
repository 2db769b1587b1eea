#pragma once

#include <utility>

#include <duckdb.h>

// The handles of DuckDB's C API as owners. Only the files duckdb_*.{h,cc} and code_tables include
// duckdb.h.
namespace footfall {

// DuckDbHandle: owns one handle; empty when null.
// Threads: those of the handle: a connection is for one thread at a time.
template <class Handle, auto destroy>
class DuckDbHandle {
  public:
    DuckDbHandle() = default;
    explicit DuckDbHandle(Handle handle) : handle_(handle) {}
    DuckDbHandle(DuckDbHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    DuckDbHandle& operator=(DuckDbHandle&& other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    ~DuckDbHandle() { reset(); }

    void reset() {
        if (handle_ != nullptr) destroy(&handle_);
        handle_ = nullptr;
    }
    // For the functions that fill a handle. REQUIRES: empty.
    Handle* out() { return &handle_; }
    Handle get() const { return handle_; }
    explicit operator bool() const { return handle_ != nullptr; }

  private:
    Handle handle_ = nullptr;
};

using DuckDbFile = DuckDbHandle<duckdb_database, duckdb_close>;
using DuckDbConfig = DuckDbHandle<duckdb_config, duckdb_destroy_config>;
using DuckDbConnection = DuckDbHandle<duckdb_connection, duckdb_disconnect>;
using DuckDbAppender = DuckDbHandle<duckdb_appender, duckdb_appender_destroy>;
using DuckDbChunk = DuckDbHandle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using DuckDbType = DuckDbHandle<duckdb_logical_type, duckdb_destroy_logical_type>;
using DuckDbValue = DuckDbHandle<duckdb_value, duckdb_destroy_value>;
using DuckDbStatement = DuckDbHandle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using DuckDbStatements = DuckDbHandle<duckdb_extracted_statements, duckdb_destroy_extracted>;
inline void destroyTaskState(duckdb_task_state* state) {
    duckdb_destroy_task_state(*state);
}
using DuckDbTaskState = DuckDbHandle<duckdb_task_state, destroyTaskState>;
using DuckDbErrorData = DuckDbHandle<duckdb_error_data, duckdb_destroy_error_data>;

// A result, which is a struct and not a handle; holds an error as well.
class DuckDbResult {
  public:
    DuckDbResult() = default;
    DuckDbResult(DuckDbResult&& other) noexcept : result_(std::exchange(other.result_, {})) {}
    DuckDbResult& operator=(DuckDbResult&&) = delete;
    ~DuckDbResult() { duckdb_destroy_result(&result_); }

    duckdb_result* get() { return &result_; }
    // The next rows; empty at the end and after an error, which duckdb_result_error() tells.
    DuckDbChunk fetch() { return DuckDbChunk(duckdb_fetch_chunk(result_)); }

  private:
    duckdb_result result_{};
};

}  // namespace footfall
