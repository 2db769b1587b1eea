#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "database/duckdb_handles.h"
#include "database/stored_rows.h"
#include "event/event_batch.h"
#include "support/result.h"

namespace footfall {

// CodeTable: the numbers that stand for the texts of one dictionary table, from 1.
// Threads: one at a time.
// Order of use: codeOf() while a transaction is put together, then confirm() once it is committed
//   or discard() when it is not: a code of a failed transaction must not be taken for stored.
// Memory: about 40 bytes a text, however long: texts stay in the table, here is a keyed 128-bit
// hash
//   of each. 10^7 texts collide with a probability of 10^-25, and nobody outside can aim at it.
class CodeTable {
  public:
    struct NewText {
        std::uint32_t code;
        bool anonymous;         // the name space
        std::string_view text;  // in the memory of the commit's batches
    };

    CodeTable();
    std::uint32_t codeOf(std::string_view text, bool anonymous = false);
    // Those that codeOf() made since the last confirm() or discard(), by ascending code.
    const std::vector<NewText>& added() const { return added_; }
    void confirm() { added_.clear(); }
    void discard();

    // What is in the table; before any codeOf().
    void reserve(std::size_t count) { codes_.reserve(count); }
    void restore(std::string_view text, bool anonymous, std::uint32_t code);
    std::size_t size() const { return codes_.size(); }

  private:
    // In 32-bit words so that a slot takes 20 bytes and not 24.
    using Key = std::array<std::uint32_t, 4>;
    Key keyOf(std::string_view text, bool anonymous) const;

    std::array<std::uint8_t, 192> secret_;  // XXH3's, drawn at random: texts come from outside
    absl::flat_hash_map<Key, std::uint32_t> codes_;
    std::vector<NewText> added_;
    std::uint32_t next_ = 1;
};

// CodeTables: all dictionaries of sql/duckdb/schema.sql.
// Threads: one at a time.
class CodeTables {
  public:
    // Reads the tables. Errors: kUnavailable | kFatal.
    [[nodiscard]] Result<void> load(duckdb_connection connection);

    // REQUIRES: hasDictionary(field).
    std::uint32_t codeOf(TextField field, std::string_view text);
    // Appends the new texts to their tables, within the connection's transaction.
    [[nodiscard]] Result<void> appendAdded(duckdb_connection connection) const;
    // The new texts of kNamedFields.
    std::vector<StoredRows::Name> addedNames() const;
    void confirm();
    void discard();

  private:
    // user_id and anonymous_id share the first; the rest is one table a field, in their order.
    std::array<CodeTable, kDictionaryFieldCount - 1> tables_;
};

// The fields whose names StoredRows tells.
constexpr std::array<TextField, 5> kNamedFields = {TextField::kEventType, TextField::kCity,
                                                   TextField::kDevice, TextField::kChannel,
                                                   TextField::kCurrency};
// Every name of kNamedFields that is in the tables. Errors: kUnavailable | kFatal.
[[nodiscard]] Result<std::vector<StoredRows::Name>> readNames(duckdb_connection connection);

}  // namespace footfall
