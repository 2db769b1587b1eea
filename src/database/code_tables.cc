#include "database/code_tables.h"

#include <algorithm>
#include <span>
#include <string>

#include <fmt/format.h>

#include "database/duckdb_chunks.h"
#include "database/duckdb_errors.h"

namespace footfall {
namespace {

constexpr std::array<const char*, kDictionaryFieldCount> kTableNames = {
    "identities", "event_types", "cities",     "devices",   "channels",
    "products",   "categories",  "currencies", "properties"};
// Enough for what clients send again and again, and no more than 21 MB.
constexpr std::size_t kPropertiesMax = 1'000'000;

constexpr std::size_t tableOf(TextField field) {
    const auto index = static_cast<std::size_t>(field);
    return index == 0 ? 0 : index - 1;
}
static_assert(tableOf(TextField::kAnonymousId) == tableOf(TextField::kUserId));
static_assert(tableOf(TextField::kCurrency) == kTableNames.size() - 2);

Result<void> loadTable(duckdb_connection connection, bool has_name_spaces, const char* name,
                       CodeTable& table) {
    const std::string sql = has_name_spaces ? "SELECT code, id, anonymous FROM identities"
                                            : fmt::format("SELECT code, name, false FROM {}", name);
    std::vector<CodeTable::Entry> entries;
    return streamRows(connection, sql, [&](duckdb_data_chunk chunk, std::size_t count) {
        const auto codes = columnOf<std::uint32_t>(chunk, 0);
        const auto texts = columnOf<duckdb_string_t>(chunk, 1);
        const auto anonymous = columnOf<bool>(chunk, 2);
        entries.clear();
        for (std::size_t row = 0; row < count; ++row)
            entries.push_back(
                {.code = codes[row], .anonymous = anonymous[row], .text = textOf(texts[row])});
        table.restore(entries);
    });
}

Result<void> appendTexts(duckdb_connection connection, bool has_name_spaces, const char* name,
                         std::span<const CodeTable::Entry> texts) {
    Result<ChunkWriter> writer = ChunkWriter::open(connection, name);
    if (!writer) return std::unexpected(writer.error());
    while (!texts.empty()) {
        const std::size_t count = std::min(texts.size(), writer->room());
        const auto codes = writer->column<std::uint32_t>(0);
        const auto ids = writer->column<duckdb_string_t>(has_name_spaces ? 2 : 1);
        for (std::size_t row = 0; row < count; ++row) {
            codes[row] = texts[row].code;
            ids[row] = duckDbText(texts[row].text);
        }
        if (has_name_spaces) {
            const auto anonymous = writer->column<bool>(1);
            for (std::size_t row = 0; row < count; ++row) anonymous[row] = texts[row].anonymous;
        }
        if (Result<void> done = writer->advance(count); !done) return done;
        texts = texts.subspan(count);
    }
    return writer->finish();
}

}  // namespace

Result<void> CodeTables::load(duckdb_connection connection) {
    for (std::size_t i = 0; i < tables_.size(); ++i)
        if (Result<void> done = loadTable(connection, i == 0, kTableNames[i], tables_[i]); !done)
            return done;
    return {};
}

void CodeTables::codesOf(TextField field, const TextList& entries,
                         std::span<const std::uint32_t> wanted, std::span<std::uint32_t> codes) {
    texts_.clear();
    for (const std::uint32_t index : wanted) texts_.push_back(entries[index]);
    tables_[tableOf(field)].codesOf(texts_, field == TextField::kAnonymousId, codes);
}

std::uint32_t CodeTables::codeOfProperties(std::string_view text) {
    return tables_.back().codeOfRepeated(text, kPropertiesMax);
}

Result<void> CodeTables::appendAdded(duckdb_connection connection) const {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        if (tables_[i].added().empty()) continue;
        if (Result<void> done = appendTexts(connection, i == 0, kTableNames[i], tables_[i].added());
            !done)
            return done;
    }
    return {};
}

std::vector<StoredRows::Name> CodeTables::addedNames() const {
    std::vector<StoredRows::Name> names;
    for (const TextField field : kNamedFields)
        for (const CodeTable::Entry& added : tables_[tableOf(field)].added())
            names.push_back({.field = field, .code = added.code, .text = std::string(added.text)});
    return names;
}

void CodeTables::confirm() {
    for (CodeTable& table : tables_) table.confirm();
}

void CodeTables::discard() {
    for (CodeTable& table : tables_) table.discard();
}

Result<std::vector<StoredRows::Name>> readNames(duckdb_connection connection) {
    std::vector<StoredRows::Name> names;
    for (const TextField field : kNamedFields) {
        const std::string sql =
            fmt::format("SELECT code, name FROM {}", kTableNames[tableOf(field)]);
        Result<void> done =
            streamRows(connection, sql, [&](duckdb_data_chunk chunk, std::size_t count) {
                const auto codes = columnOf<std::uint32_t>(chunk, 0);
                const auto texts = columnOf<duckdb_string_t>(chunk, 1);
                for (std::size_t row = 0; row < count; ++row)
                    names.push_back({.field = field,
                                     .code = codes[row],
                                     .text = std::string(textOf(texts[row]))});
            });
        if (!done) return std::unexpected(done.error());
    }
    return names;
}

}  // namespace footfall
