#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/event_batch.h"
#include "event/sequence.h"

namespace footfall {

// StoredRows: stored events, column by column, with texts as the codes that the database has given
// them. A code is never given to another text, and those of persons are dense, from 1: a reader may
// use them as an index. Only what a journey is made of is here.
// Threads: a value.
// Shape: every column has one entry a row; rows are in no particular order.
struct StoredRows {
    struct Name {
        TextField field;  // kEventType, kCity, kDevice, kChannel or kCurrency
        std::uint32_t code;
        std::string text;
    };
    // What the codes of these fields mean, as far as no rows before these have told.
    std::vector<Name> names;

    std::vector<SequenceNumber> sequences;
    std::vector<EventId> ids;
    std::vector<std::int64_t> timestamps_us;            // UTC
    std::vector<std::int64_t> amounts_ten_thousandths;  // EventBatch::kNoAmount: absent
    // Codes; 0: absent. A person is the user, or the anonymous one where there is no user.
    std::vector<std::uint32_t> persons;
    std::vector<std::uint32_t> event_types;
    std::vector<std::uint32_t> cities;
    std::vector<std::uint32_t> devices;
    std::vector<std::uint32_t> channels;
    std::vector<std::uint32_t> products;
    std::vector<std::uint32_t> currencies;
    std::vector<std::string_view> order_ids;  // "": absent. Valid only where they are handed over

    std::size_t size() const { return sequences.size(); }
    void reserve(std::size_t rows) {
        const auto reserve = [rows](auto&... columns) { (columns.reserve(rows), ...); };
        reserve(sequences, ids, timestamps_us, amounts_ten_thousandths, persons, event_types,
                cities, devices, channels, products, currencies, order_ids);
    }
};

}  // namespace footfall
