#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "database/code_table.h"
#include "database/duckdb_handles.h"
#include "database/stored_rows.h"
#include "event/event_batch.h"
#include "support/result.h"

namespace footfall {

// CodeTables: all dictionaries of sql/duckdb/schema.sql.
// Threads: one at a time.
class CodeTables {
  public:
    // Reads the tables. Errors: kUnavailable | kFatal.
    [[nodiscard]] Result<void> load(duckdb_connection connection);

    // codes[i] becomes the code of entries[wanted[i]]. REQUIRES: hasDictionary(field).
    void codesOf(TextField field, const TextList& entries, std::span<const std::uint32_t> wanted,
                 std::span<std::uint32_t> codes);
    // 0: they have none, and must be kept as they are.
    std::uint32_t codeOfProperties(std::string_view text);
    // Appends the new texts to their tables, within the connection's transaction.
    [[nodiscard]] Result<void> appendAdded(duckdb_connection connection) const;
    // The new texts of kNamedFields.
    std::vector<StoredRows::Name> addedNames() const;
    void confirm();
    void discard();

  private:
    // user_id and anonymous_id share the first; then one table a field, in their order; the last is
    // that of the properties.
    std::array<CodeTable, kDictionaryFieldCount> tables_;
    std::vector<std::string_view> texts_;  // of one codesOf(), kept for its memory
};

// The fields whose names StoredRows tells.
constexpr std::array<TextField, 5> kNamedFields = {TextField::kEventType, TextField::kCity,
                                                   TextField::kDevice, TextField::kChannel,
                                                   TextField::kCurrency};
// Every name of kNamedFields that is in the tables. Errors: kUnavailable | kFatal.
[[nodiscard]] Result<std::vector<StoredRows::Name>> readNames(duckdb_connection connection);

}  // namespace footfall
