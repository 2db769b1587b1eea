#include "database/duckdb_errors.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

namespace footfall {
namespace {

// | DuckDB's type                         | seen when                       | Code             |
// |---------------------------------------|---------------------------------|------------------|
// | FATAL, INTERNAL                       | the instance is invalid now     | kFatal           |
// | IO, OUT_OF_MEMORY, CONNECTION         | disk full, memory_limit         | kUnavailable     |
// | TRANSACTION                           | a conflict                      | kUnavailable     |
// | INTERRUPT                             | a time-out or a shutdown        | kUnavailable     |
// | CONSTRAINT, CONVERSION, OUT_OF_RANGE, | these rows do not fit the table | kContent         |
// | DECIMAL, MISMATCH_TYPE                |                                 |                  |
// | any other, writing                    | our own SQL is wrong: a bug     | kInternal        |
// | any other or kContent, querying       | the SQL is wrong                | kInvalidArgument |
Code codeOf(duckdb_error_type type) {
    switch (type) {
        case DUCKDB_ERROR_FATAL:
        case DUCKDB_ERROR_INTERNAL:
            return Code::kFatal;
        case DUCKDB_ERROR_IO:
        case DUCKDB_ERROR_OUT_OF_MEMORY:
        case DUCKDB_ERROR_CONNECTION:
        case DUCKDB_ERROR_TRANSACTION:
        case DUCKDB_ERROR_INTERRUPT:
            return Code::kUnavailable;
        case DUCKDB_ERROR_CONSTRAINT:
        case DUCKDB_ERROR_CONVERSION:
        case DUCKDB_ERROR_OUT_OF_RANGE:
        case DUCKDB_ERROR_DECIMAL:
        case DUCKDB_ERROR_MISMATCH_TYPE:
            return Code::kContent;
        default:
            return Code::kInternal;
    }
}

// How DuckDB words it when a file is not, or no longer, a database.
constexpr std::array<std::string_view, 3> kDamage = {"not a valid DuckDB", "orrupt",
                                                     "Could not read enough bytes"};

std::string_view orEmpty(const char* text) {
    return text == nullptr ? std::string_view() : text;
}

}  // namespace

Error writeError(std::string_view doing, duckdb_error_type type, std::string_view message) {
    return {codeOf(type), fmt::format("DuckDB cannot {}: {}", doing, message)};
}

Error queryError(duckdb_error_type type, std::string_view message) {
    const Code code = codeOf(type);
    if (type == DUCKDB_ERROR_OUT_OF_MEMORY)
        return {code,
                fmt::format("this takes more memory than the database may have; ask for less, "
                            "or start with a larger --database-memory-mb. DuckDB says: {}",
                            message.substr(0, message.find('\n')))};
    const bool is_state = code == Code::kFatal || code == Code::kUnavailable;
    return {is_state ? code : Code::kInvalidArgument, std::string(message)};
}

Error openError(std::string_view path, std::string_view message) {
    if (message.find("Could not set lock") != std::string_view::npos)
        return {Code::kUnavailable,
                fmt::format("{} is open in another process; close it there. DuckDB says: {}", path,
                            message)};
    const bool is_damaged = std::ranges::any_of(kDamage, [&](std::string_view sign) {
        return message.find(sign) != std::string_view::npos;
    });
    const bool is_full = message.find("No space left") != std::string_view::npos;
    return {is_damaged ? Code::kFatal : (is_full ? Code::kUnavailable : Code::kIo),
            fmt::format("DuckDB cannot open {}: {}", path, message)};
}

Error writeError(std::string_view doing, DuckDbResult& result) {
    return writeError(doing, duckdb_result_error_type(result.get()),
                      orEmpty(duckdb_result_error(result.get())));
}

Error writeError(std::string_view doing, const DuckDbAppender& appender) {
    const DuckDbErrorData error(duckdb_appender_error_data(appender.get()));
    return writeError(doing, duckdb_error_data_error_type(error.get()),
                      orEmpty(duckdb_error_data_message(error.get())));
}

Error queryError(DuckDbResult& result) {
    return queryError(duckdb_result_error_type(result.get()),
                      orEmpty(duckdb_result_error(result.get())));
}

Result<void> execute(duckdb_connection connection, const char* sql) {
    DuckDbResult result;
    if (duckdb_query(connection, sql, result.get()) != DuckDBSuccess)
        return std::unexpected(writeError(sql, result));
    return {};
}

}  // namespace footfall
