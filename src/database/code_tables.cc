#include "database/code_tables.h"

#include <algorithm>
#include <bit>
#include <span>

#include <fmt/format.h>
#include <xxhash.h>

#include "database/duckdb_chunks.h"
#include "database/duckdb_errors.h"
#include "support/check.h"
#include "support/random.h"

namespace footfall {
namespace {

constexpr std::array<const char*, kDictionaryFieldCount - 1> kTableNames = {
    "identities", "event_types", "cities",     "devices",
    "channels",   "products",    "categories", "currencies"};

constexpr std::size_t tableOf(TextField field) {
    const auto index = static_cast<std::size_t>(field);
    return index == 0 ? 0 : index - 1;
}
static_assert(tableOf(TextField::kAnonymousId) == tableOf(TextField::kUserId));
static_assert(tableOf(TextField::kCurrency) == kTableNames.size() - 1);

Result<void> loadTable(duckdb_connection connection, bool has_name_spaces, const char* name,
                       CodeTable& table) {
    const std::string sql = has_name_spaces ? "SELECT code, id, anonymous FROM identities"
                                            : fmt::format("SELECT code, name, false FROM {}", name);
    return streamRows(connection, sql, [&](duckdb_data_chunk chunk, std::size_t count) {
        const auto codes = columnOf<std::uint32_t>(chunk, 0);
        const auto texts = columnOf<duckdb_string_t>(chunk, 1);
        const auto anonymous = columnOf<bool>(chunk, 2);
        for (std::size_t row = 0; row < count; ++row)
            table.restore(textOf(texts[row]), anonymous[row], codes[row]);
    });
}

Result<void> appendTexts(duckdb_connection connection, bool has_name_spaces, const char* name,
                         std::span<const CodeTable::NewText> texts) {
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

CodeTable::CodeTable() {
    Random random(randomSeed());
    std::ranges::generate(secret_, [&] { return static_cast<std::uint8_t>(random.next()); });
}

std::uint32_t CodeTable::codeOf(std::string_view text, bool anonymous) {
    const auto [entry, is_new] = codes_.try_emplace(keyOf(text, anonymous), next_);
    if (is_new) {
        CHECK(next_ != UINT32_MAX, "a dictionary has fewer than 2^32 texts");
        added_.push_back({.code = next_++, .anonymous = anonymous, .text = text});
    }
    return entry->second;
}

void CodeTable::discard() {
    for (const NewText& added : added_) codes_.erase(keyOf(added.text, added.anonymous));
    next_ -= static_cast<std::uint32_t>(added_.size());
    added_.clear();
}

void CodeTable::restore(std::string_view text, bool anonymous, std::uint32_t code) {
    codes_.emplace(keyOf(text, anonymous), code);
    next_ = std::max(next_, code + 1);
}

CodeTable::Key CodeTable::keyOf(std::string_view text, bool anonymous) const {
    XXH128_hash_t hash =
        XXH3_128bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
    // Another constant for each name space keeps equal texts in them apart.
    if (anonymous) hash.high64 ^= 0x9e3779b97f4a7c15ULL;
    return std::bit_cast<Key>(hash);
}

Result<void> CodeTables::load(duckdb_connection connection) {
    for (std::size_t i = 0; i < tables_.size(); ++i)
        if (Result<void> done = loadTable(connection, i == 0, kTableNames[i], tables_[i]); !done)
            return done;
    return {};
}

std::uint32_t CodeTables::codeOf(TextField field, std::string_view text) {
    return tables_[tableOf(field)].codeOf(text, field == TextField::kAnonymousId);
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
        for (const CodeTable::NewText& added : tables_[tableOf(field)].added())
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
