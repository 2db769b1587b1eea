#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "event/event_batch.h"
#include "support/random.h"

namespace footfall {

// A batch of 1 to `rows_max` events, the same for the same seed, of every shape that the builder
// can make: columns without a value, with one for every row, for some, the same for all.
inline EventBatch randomBatch(std::uint64_t seed, std::size_t rows_max = 40) {
    Random random = Random::of(seed, 0xba7c4);
    EventBatchBuilder builder;
    const std::size_t rows = 1 + random.below(rows_max);
    const std::uint64_t number_bits = random.below(64);
    std::array<double, kTextFieldCount> presence{};
    std::array<std::uint64_t, kTextFieldCount> variety{};
    std::array<std::string, kTextFieldCount> prefixes;
    for (std::size_t field = 0; field < kTextFieldCount; ++field) {
        presence[field] = static_cast<double>(random.below(4)) / 3;
        variety[field] = 1 + random.below(rows);
        prefixes[field] = std::string(random.below(12), static_cast<char>('a' + field));
    }
    for (std::size_t row = 0; row < rows; ++row) {
        std::array<std::string, kTextFieldCount> texts;
        EventView event{.id = {.high = random.next(), .low = random.next()},
                        .timestamp_us = 1'772'323'200'000'000 +
                                        static_cast<std::int64_t>(random.next() >> number_bits),
                        .payload_hash = static_cast<PayloadHash>(random.next()),
                        .texts = {}};
        if (random.chance(presence[0]))
            event.amount_ten_thousandths = static_cast<std::int64_t>(random.below(5'000'000));
        if (random.chance(presence[1]))
            event.quantity = static_cast<std::int64_t>(random.below(300));
        for (std::size_t field = 0; field < kTextFieldCount; ++field) {
            if (!random.chance(presence[field])) continue;
            const std::uint64_t which = random.below(variety[field]);
            texts[field] = prefixes[field] + std::to_string(mixBits(which) >> (which % 60));
            event.texts[field] = texts[field];
        }
        builder.append(event);
    }
    EventBatch batch = builder.take();
    batch.received_at =
        utcFromMicros(1'772'323'200'000'000 + static_cast<std::int64_t>(random.below(1'000'000)));
    batch.rejected_count = static_cast<std::uint32_t>(random.below(5));
    batch.assigned_id_count = static_cast<std::uint32_t>(random.below(rows + 1));
    batch.late_count = static_cast<std::uint32_t>(random.below(rows + 1));
    return batch;
}

}  // namespace footfall
