#include "database/duckdb_values.h"

#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "database/duckdb_append.h"
#include "database/duckdb_chunks.h"
#include "support/check.h"

namespace footfall {
namespace {

constexpr std::uint8_t kDecimalScale = 4;

// A column and how to read it.
struct Cells {
    explicit Cells(duckdb_vector of)
        : vector(of),
          type(duckdb_vector_get_column_type(of)),
          id(duckdb_get_type_id(type.get())),
          data(duckdb_vector_get_data(of)) {}

    template <class T>
    T at(std::size_t row) const {
        return static_cast<const T*>(data)[row];
    }
    bool isNull(std::size_t row) const {
        return !duckdb_validity_row_is_valid(duckdb_vector_get_validity(vector), row);
    }

    duckdb_vector vector;
    DuckDbType type;
    duckdb_type id;
    const void* data;
};

Int128 toInt128(duckdb_hugeint value) {
    return (Int128{value.upper} << 64) | Int128{value.lower};
}

duckdb_hugeint fromInt128(Int128 value) {
    return {.lower = static_cast<std::uint64_t>(value),
            .upper = static_cast<std::int64_t>(value >> 64)};
}

std::string textAndFree(char* text) {
    const std::unique_ptr<char, void (*)(void*)> owner(text, duckdb_free);
    return text == nullptr ? std::string() : std::string(text);
}

Value wholeNumber(Int128 value) {
    if (value >= INT64_MIN && value <= INT64_MAX) return static_cast<std::int64_t>(value);
    return textAndFree(
        duckdb_get_varchar(DuckDbValue(duckdb_create_hugeint(fromInt128(value))).get()));
}

Int128 decimalDigits(const Cells& cells, std::size_t row) {
    switch (duckdb_decimal_internal_type(cells.type.get())) {
        case DUCKDB_TYPE_SMALLINT:
            return cells.at<std::int16_t>(row);
        case DUCKDB_TYPE_INTEGER:
            return cells.at<std::int32_t>(row);
        case DUCKDB_TYPE_BIGINT:
            return cells.at<std::int64_t>(row);
        default:
            return toInt128(cells.at<duckdb_hugeint>(row));
    }
}

duckdb_decimal decimalAt(const Cells& cells, std::size_t row) {
    return {.width = duckdb_decimal_width(cells.type.get()),
            .scale = duckdb_decimal_scale(cells.type.get()),
            .value = fromInt128(decimalDigits(cells, row))};
}

std::uint64_t enumIndex(const Cells& cells, std::size_t row) {
    switch (duckdb_enum_internal_type(cells.type.get())) {
        case DUCKDB_TYPE_UTINYINT:
            return cells.at<std::uint8_t>(row);
        case DUCKDB_TYPE_USMALLINT:
            return cells.at<std::uint16_t>(row);
        default:
            return cells.at<std::uint32_t>(row);
    }
}

DuckDbValue nativeValue(const Cells& cells, std::size_t row);

// The entries [offset, offset + length) of a list's child.
std::vector<DuckDbValue> childValues(duckdb_vector child, duckdb_list_entry entry) {
    const Cells cells(child);
    std::vector<DuckDbValue> values;
    for (std::uint64_t i = 0; i < entry.length; ++i)
        values.push_back(nativeValue(cells, entry.offset + i));
    return values;
}

std::vector<duckdb_value> handlesOf(const std::vector<DuckDbValue>& values) {
    std::vector<duckdb_value> handles;
    handles.reserve(values.size() + 1);  // so that data() is no null pointer, which DuckDB refuses
    for (const DuckDbValue& value : values) handles.push_back(value.get());
    return handles;
}

bool hasEmpty(const std::vector<DuckDbValue>& values) {
    for (const DuckDbValue& value : values)
        if (!value) return true;
    return false;
}

DuckDbValue listValue(const Cells& cells, std::size_t row) {
    const duckdb_vector child = duckdb_list_vector_get_child(cells.vector);
    const std::vector<DuckDbValue> values = childValues(child, cells.at<duckdb_list_entry>(row));
    if (hasEmpty(values)) return {};
    const DuckDbType child_type(duckdb_list_type_child_type(cells.type.get()));
    std::vector<duckdb_value> handles = handlesOf(values);
    return DuckDbValue(duckdb_create_list_value(child_type.get(), handles.data(), handles.size()));
}

DuckDbValue structValue(const Cells& cells, std::size_t row) {
    std::vector<DuckDbValue> values;
    for (idx_t i = 0; i < duckdb_struct_type_child_count(cells.type.get()); ++i)
        values.push_back(nativeValue(Cells(duckdb_struct_vector_get_child(cells.vector, i)), row));
    if (hasEmpty(values)) return {};
    std::vector<duckdb_value> handles = handlesOf(values);
    return DuckDbValue(duckdb_create_struct_value(cells.type.get(), handles.data()));
}

// A value of DuckDB's own, from which DuckDB makes its text; empty for types that have none.
DuckDbValue nativeValue(const Cells& cells, std::size_t row) {
    if (cells.isNull(row)) return DuckDbValue(duckdb_create_null_value());
    switch (cells.id) {
        case DUCKDB_TYPE_BOOLEAN:
            return DuckDbValue(duckdb_create_bool(cells.at<bool>(row)));
        case DUCKDB_TYPE_TINYINT:
            return DuckDbValue(duckdb_create_int8(cells.at<std::int8_t>(row)));
        case DUCKDB_TYPE_SMALLINT:
            return DuckDbValue(duckdb_create_int16(cells.at<std::int16_t>(row)));
        case DUCKDB_TYPE_INTEGER:
            return DuckDbValue(duckdb_create_int32(cells.at<std::int32_t>(row)));
        case DUCKDB_TYPE_BIGINT:
            return DuckDbValue(duckdb_create_int64(cells.at<std::int64_t>(row)));
        case DUCKDB_TYPE_UTINYINT:
            return DuckDbValue(duckdb_create_uint8(cells.at<std::uint8_t>(row)));
        case DUCKDB_TYPE_USMALLINT:
            return DuckDbValue(duckdb_create_uint16(cells.at<std::uint16_t>(row)));
        case DUCKDB_TYPE_UINTEGER:
            return DuckDbValue(duckdb_create_uint32(cells.at<std::uint32_t>(row)));
        case DUCKDB_TYPE_UBIGINT:
            return DuckDbValue(duckdb_create_uint64(cells.at<std::uint64_t>(row)));
        case DUCKDB_TYPE_HUGEINT:
            return DuckDbValue(duckdb_create_hugeint(cells.at<duckdb_hugeint>(row)));
        case DUCKDB_TYPE_UHUGEINT:
            return DuckDbValue(duckdb_create_uhugeint(cells.at<duckdb_uhugeint>(row)));
        case DUCKDB_TYPE_FLOAT:
            return DuckDbValue(duckdb_create_float(cells.at<float>(row)));
        case DUCKDB_TYPE_DOUBLE:
            return DuckDbValue(duckdb_create_double(cells.at<double>(row)));
        case DUCKDB_TYPE_DECIMAL:
            return DuckDbValue(duckdb_create_decimal(decimalAt(cells, row)));
        case DUCKDB_TYPE_VARCHAR: {
            const auto raw = cells.at<duckdb_string_t>(row);
            const std::string_view text = textOf(raw);
            return DuckDbValue(duckdb_create_varchar_length(text.data(), text.size()));
        }
        case DUCKDB_TYPE_BLOB: {
            const auto raw = cells.at<duckdb_string_t>(row);
            const std::string_view bytes = textOf(raw);
            return DuckDbValue(duckdb_create_blob(
                reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
        }
        case DUCKDB_TYPE_DATE:
            return DuckDbValue(duckdb_create_date(cells.at<duckdb_date>(row)));
        case DUCKDB_TYPE_TIME:
            return DuckDbValue(duckdb_create_time(cells.at<duckdb_time>(row)));
        case DUCKDB_TYPE_INTERVAL:
            return DuckDbValue(duckdb_create_interval(cells.at<duckdb_interval>(row)));
        case DUCKDB_TYPE_TIMESTAMP:
            return DuckDbValue(duckdb_create_timestamp(cells.at<duckdb_timestamp>(row)));
        case DUCKDB_TYPE_TIMESTAMP_TZ:
            return DuckDbValue(duckdb_create_timestamp_tz(cells.at<duckdb_timestamp>(row)));
        case DUCKDB_TYPE_TIMESTAMP_S:
            return DuckDbValue(duckdb_create_timestamp_s(cells.at<duckdb_timestamp_s>(row)));
        case DUCKDB_TYPE_TIMESTAMP_MS:
            return DuckDbValue(duckdb_create_timestamp_ms(cells.at<duckdb_timestamp_ms>(row)));
        case DUCKDB_TYPE_TIMESTAMP_NS:
            return DuckDbValue(duckdb_create_timestamp_ns(cells.at<duckdb_timestamp_ns>(row)));
        case DUCKDB_TYPE_UUID: {
            const EventId id = eventIdOf(cells.at<duckdb_hugeint>(row));
            return DuckDbValue(duckdb_create_uuid({.lower = id.low, .upper = id.high}));
        }
        case DUCKDB_TYPE_ENUM:
            return DuckDbValue(duckdb_create_enum_value(cells.type.get(), enumIndex(cells, row)));
        case DUCKDB_TYPE_LIST:
            return listValue(cells, row);
        case DUCKDB_TYPE_STRUCT:
            return structValue(cells, row);
        default:
            return {};
    }
}

Result<Value> textValue(const Cells& cells, std::size_t row) {
    const DuckDbValue native = nativeValue(cells, row);
    if (!native)
        return fail(Code::kInvalidArgument,
                    "a column has a type that cannot be shown; cast it to VARCHAR");
    return textAndFree(duckdb_get_varchar(native.get()));
}

}  // namespace

Result<Value> valueAt(duckdb_vector vector, std::size_t row) {
    const Cells cells(vector);
    if (cells.isNull(row)) return Value();
    switch (cells.id) {
        case DUCKDB_TYPE_BOOLEAN:
            return cells.at<bool>(row);
        case DUCKDB_TYPE_TINYINT:
            return wholeNumber(cells.at<std::int8_t>(row));
        case DUCKDB_TYPE_SMALLINT:
            return wholeNumber(cells.at<std::int16_t>(row));
        case DUCKDB_TYPE_INTEGER:
            return wholeNumber(cells.at<std::int32_t>(row));
        case DUCKDB_TYPE_BIGINT:
            return wholeNumber(cells.at<std::int64_t>(row));
        case DUCKDB_TYPE_UTINYINT:
            return wholeNumber(cells.at<std::uint8_t>(row));
        case DUCKDB_TYPE_USMALLINT:
            return wholeNumber(cells.at<std::uint16_t>(row));
        case DUCKDB_TYPE_UINTEGER:
            return wholeNumber(cells.at<std::uint32_t>(row));
        case DUCKDB_TYPE_UBIGINT:
            return wholeNumber(cells.at<std::uint64_t>(row));
        case DUCKDB_TYPE_HUGEINT:
            return wholeNumber(toInt128(cells.at<duckdb_hugeint>(row)));
        case DUCKDB_TYPE_FLOAT:
            return double{cells.at<float>(row)};
        case DUCKDB_TYPE_DOUBLE:
            return cells.at<double>(row);
        case DUCKDB_TYPE_DECIMAL:
            if (duckdb_decimal_scale(cells.type.get()) == kDecimalScale)
                return Decimal{decimalDigits(cells, row)};
            return textValue(cells, row);
        case DUCKDB_TYPE_VARCHAR: {
            const auto raw = cells.at<duckdb_string_t>(row);
            return std::string(textOf(raw));
        }
        case DUCKDB_TYPE_TIMESTAMP:
        case DUCKDB_TYPE_TIMESTAMP_TZ:
            return utcFromMicros(cells.at<duckdb_timestamp>(row).micros);
        default:
            return textValue(cells, row);
    }
}

DuckDbValue toDuckDb(const Value& value) {
    struct Visitor {
        duckdb_value operator()(std::monostate) const { return duckdb_create_null_value(); }
        duckdb_value operator()(bool flag) const { return duckdb_create_bool(flag); }
        duckdb_value operator()(std::int64_t number) const { return duckdb_create_int64(number); }
        duckdb_value operator()(double number) const { return duckdb_create_double(number); }
        duckdb_value operator()(Decimal amount) const {
            return duckdb_create_decimal(
                {.width = 38, .scale = kDecimalScale, .value = fromInt128(amount.ten_thousandths)});
        }
        duckdb_value operator()(UtcTime time) const {
            return duckdb_create_timestamp({.micros = microsSinceEpoch(time)});
        }
        duckdb_value operator()(const std::string& text) const {
            return duckdb_create_varchar_length(text.data(), text.size());
        }
    };
    return DuckDbValue(std::visit(Visitor(), value));
}

}  // namespace footfall
