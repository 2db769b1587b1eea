#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "database/database.h"

namespace footfall {

// Appends one row of `from`; names are left alone.
inline void appendRow(StoredRows& to, const StoredRows& from, std::size_t row) {
    to.sequences.push_back(from.sequences[row]);
    to.ids.push_back(from.ids[row]);
    to.timestamps_us.push_back(from.timestamps_us[row]);
    to.amounts_ten_thousandths.push_back(from.amounts_ten_thousandths[row]);
    to.persons.push_back(from.persons[row]);
    to.event_types.push_back(from.event_types[row]);
    to.cities.push_back(from.cities[row]);
    to.devices.push_back(from.devices[row]);
    to.channels.push_back(from.channels[row]);
    to.products.push_back(from.products[row]);
    to.currencies.push_back(from.currencies[row]);
    to.order_ids.push_back(from.order_ids[row]);
}

// StoredRowMaker: makes of a commit what a database tells of it, with codes of its own.
// Threads: one at a time.
class StoredRowMaker {
  public:
    // With the names that are new. The order ids lie in the commit's batches.
    StoredRows rowsOf(const Commit& commit) {
        const std::size_t known = names_.size();
        StoredRows stored;
        for (const CommitPart& part : commit.parts)
            for (const std::uint32_t row : part.rows) append(stored, part, row);
        stored.names.assign(names_.begin() + static_cast<std::ptrdiff_t>(known), names_.end());
        return stored;
    }
    const std::vector<StoredRows::Name>& names() const { return names_; }

  private:
    using Codes = std::map<std::string, std::uint32_t, std::less<>>;

    void append(StoredRows& to, const CommitPart& part, std::uint32_t row) {
        const EventBatch& batch = *part.batch;
        const auto named = [&](TextField field) { return nameOf(field, batch.value(field, row)); };
        to.sequences.push_back(part.first + row);
        to.ids.push_back(batch.ids[row]);
        to.timestamps_us.push_back(batch.timestamps_us[row]);
        to.amounts_ten_thousandths.push_back(batch.amounts_ten_thousandths[row]);
        to.persons.push_back(personOf(batch.value(TextField::kUserId, row),
                                      batch.value(TextField::kAnonymousId, row)));
        to.event_types.push_back(named(TextField::kEventType));
        to.cities.push_back(named(TextField::kCity));
        to.devices.push_back(named(TextField::kDevice));
        to.channels.push_back(named(TextField::kChannel));
        to.products.push_back(
            codeOf(TextField::kProductId, batch.value(TextField::kProductId, row)));
        to.currencies.push_back(named(TextField::kCurrency));
        to.order_ids.push_back(batch.value(TextField::kOrderId, row));
    }
    std::uint32_t personOf(std::string_view user, std::string_view anonymous) {
        // Another first letter keeps the name spaces apart.
        return user.empty() ? codeOf(TextField::kUserId, "a" + std::string(anonymous))
                            : codeOf(TextField::kUserId, "u" + std::string(user));
    }
    std::uint32_t nameOf(TextField field, std::string_view text) {
        const std::uint32_t code = codeOf(field, text);
        if (code > names_of_[index(field)]) {
            names_.push_back({.field = field, .code = code, .text = std::string(text)});
            names_of_[index(field)] = code;
        }
        return code;
    }
    std::uint32_t codeOf(TextField field, std::string_view text) {
        if (text.empty()) return 0;
        Codes& codes = codes_[index(field)];
        const auto next = static_cast<std::uint32_t>(codes.size() + 1);
        return codes.try_emplace(std::string(text), next).first->second;
    }
    static std::size_t index(TextField field) { return static_cast<std::size_t>(field); }

    std::array<Codes, kDictionaryFieldCount> codes_;
    std::array<std::uint32_t, kDictionaryFieldCount> names_of_{};  // the last code in names_
    std::vector<StoredRows::Name> names_;
};

}  // namespace footfall
