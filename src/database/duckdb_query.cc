#include "database/duckdb_query.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "database/duckdb_errors.h"
#include "database/duckdb_values.h"
#include "support/check.h"

namespace footfall {
namespace {

// Table functions that neither touch a file nor change anything. Sorted.
constexpr std::array<std::string_view, 25> kHarmlessFunctions = {"DUCKDB_COLUMNS",
                                                                 "DUCKDB_CONSTRAINTS",
                                                                 "DUCKDB_DATABASES",
                                                                 "DUCKDB_FUNCTIONS",
                                                                 "DUCKDB_INDEXES",
                                                                 "DUCKDB_KEYWORDS",
                                                                 "DUCKDB_MEMORY",
                                                                 "DUCKDB_SCHEMAS",
                                                                 "DUCKDB_SETTINGS",
                                                                 "DUCKDB_TABLES",
                                                                 "DUCKDB_TYPES",
                                                                 "DUCKDB_VIEWS",
                                                                 "GENERATE_SERIES",
                                                                 "ICU_CALENDAR_NAMES",
                                                                 "JSON_EACH",
                                                                 "JSON_TREE",
                                                                 "PG_TIMEZONE_NAMES",
                                                                 "PRAGMA_DATABASE_SIZE",
                                                                 "PRAGMA_STORAGE_INFO",
                                                                 "PRAGMA_TABLE_INFO",
                                                                 "PRAGMA_VERSION",
                                                                 "RANGE",
                                                                 "REPEAT",
                                                                 "SUMMARY",
                                                                 "UNNEST"};
static_assert(std::ranges::is_sorted(kHarmlessFunctions));

Result<DuckDbStatement> prepare(duckdb_connection connection, const DuckDbStatements& statements,
                                idx_t index) {
    DuckDbStatement statement;
    if (duckdb_prepare_extracted_statement(connection, statements.get(), index, statement.out()) !=
        DuckDBSuccess)
        return fail(Code::kInvalidArgument, duckdb_prepare_error(statement.get()));
    return statement;
}

Result<idx_t> extract(duckdb_connection connection, const std::string& sql,
                      DuckDbStatements& statements) {
    const idx_t count = duckdb_extract_statements(connection, sql.c_str(), statements.out());
    if (count > 0) return count;
    const char* message = duckdb_extract_statements_error(statements.get());
    return fail(Code::kInvalidArgument, message == nullptr ? "there is no statement" : message);
}

Result<std::vector<Value>> readRow(duckdb_data_chunk chunk, std::size_t row, std::size_t columns) {
    std::vector<Value> cells;
    cells.reserve(columns);
    for (idx_t column = 0; column < columns; ++column) {
        Result<Value> value = valueAt(duckdb_data_chunk_get_vector(chunk, column), row);
        if (!value) return std::unexpected(value.error());
        cells.push_back(std::move(*value));
    }
    return cells;
}

// Takes rows until there are rows_max; one more makes the result truncated.
Result<QueryResult> collect(DuckDbResult& result, std::size_t rows_max) {
    QueryResult out;
    for (idx_t i = 0; i < duckdb_column_count(result.get()); ++i)
        out.columns.emplace_back(duckdb_column_name(result.get(), i));
    while (const DuckDbChunk chunk = result.fetch())
        for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
            if (out.rows.size() == rows_max) {
                out.truncated = true;
                return out;
            }
            Result<std::vector<Value>> cells = readRow(chunk.get(), row, out.columns.size());
            if (!cells) return std::unexpected(cells.error());
            out.rows.push_back(std::move(*cells));
        }
    if (duckdb_result_error(result.get()) != nullptr) return std::unexpected(queryError(result));
    return out;
}

// Whether a node of a plan, or one below it, scans a function that is not known to be harmless.
std::string unknownFunctionIn(const nlohmann::json& node) {
    const nlohmann::json info = node.value("extra_info", nlohmann::json::object());
    std::string function = info.value("Function", "");
    if (!function.empty() && !std::ranges::binary_search(kHarmlessFunctions, function))
        return function;
    for (const nlohmann::json& child : node.value("children", nlohmann::json::array()))
        if (std::string found = unknownFunctionIn(child); !found.empty()) return found;
    return "";
}

Result<std::string> planOf(duckdb_connection connection, const std::string& sql) {
    const Query explain{.sql = "EXPLAIN (FORMAT JSON) " + sql, .shadows = {}};
    const Result<QueryResult> plan = runQuery(connection, explain);
    if (!plan) return std::unexpected(plan.error());
    CHECK(plan->rows.size() == 1 && plan->rows[0].size() == 2, "a plan is one row of two columns");
    return std::get<std::string>(plan->rows[0][1]);
}

}  // namespace

Result<void> createShadows(duckdb_connection connection, std::span<const ShadowTable> shadows) {
    for (const ShadowTable& shadow : shadows) {
        const std::string create =
            fmt::format("CREATE TEMP TABLE {0} AS FROM {0} LIMIT 0", shadow.name);
        if (Result<void> done = execute(connection, create.c_str()); !done) return done;
        DuckDbAppender appender;
        const std::string doing = "fill the shadow of " + shadow.name;
        if (duckdb_appender_create_ext(connection, "temp", nullptr, shadow.name.c_str(),
                                       appender.out()) != DuckDBSuccess)
            return std::unexpected(writeError(doing, appender));
        bool filled = true;
        for (const std::vector<Value>& row : shadow.rows) {
            for (const Value& value : row)
                filled &=
                    duckdb_append_value(appender.get(), toDuckDb(value).get()) == DuckDBSuccess;
            filled = filled && duckdb_appender_end_row(appender.get()) == DuckDBSuccess;
        }
        if (!filled || duckdb_appender_close(appender.get()) != DuckDBSuccess)
            return std::unexpected(writeError(doing, appender));
    }
    return {};
}

Result<QueryResult> runQuery(duckdb_connection connection, const Query& query) {
    DuckDbStatements statements;
    const Result<idx_t> count = extract(connection, query.sql, statements);
    if (!count) return std::unexpected(count.error());
    for (idx_t i = 0;; ++i) {
        const Result<DuckDbStatement> statement = prepare(connection, statements, i);
        if (!statement) return std::unexpected(statement.error());
        DuckDbResult result;
        if (duckdb_execute_prepared_streaming(statement->get(), result.get()) != DuckDBSuccess)
            return std::unexpected(queryError(result));
        if (i + 1 == *count) return collect(result, query.rows_max);
    }
}

Result<void> checkReadsOnly(duckdb_connection connection, const std::string& sql) {
    DuckDbStatements statements;
    const Result<idx_t> count = extract(connection, sql, statements);
    if (!count) return std::unexpected(count.error());
    if (*count != 1) return fail(Code::kInvalidArgument, "one statement at a time, please");
    const Result<DuckDbStatement> statement = prepare(connection, statements, 0);
    if (!statement) return std::unexpected(statement.error());
    if (duckdb_prepared_statement_type(statement->get()) != DUCKDB_STATEMENT_TYPE_SELECT)
        return fail(Code::kInvalidArgument, "only statements that read are taken: SELECT, FROM …");

    const Result<std::string> plan = planOf(connection, sql);
    if (!plan) return std::unexpected(plan.error());
    for (const nlohmann::json& node : nlohmann::json::parse(*plan))
        if (const std::string function = unknownFunctionIn(node); !function.empty())
            return fail(Code::kInvalidArgument,
                        fmt::format("the function {} cannot be used here", function));
    return {};
}

}  // namespace footfall
