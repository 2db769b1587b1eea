#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "database/duckdb_database.h"
#include "support/check.h"
#include "tests/fakes/fake_clock.h"

namespace footfall {

// DuckDbFolder: a real database file in a folder that goes with it.
class DuckDbFolder {
  public:
    DuckDbFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "footfall-XXXXXX").string();
        CHECK(::mkdtemp(name.data()) != nullptr, "tests can write to the temporary folder");
        path_ = name;
    }
    ~DuckDbFolder() { std::filesystem::remove_all(path_); }
    DuckDbFolder(const DuckDbFolder&) = delete;
    DuckDbFolder& operator=(const DuckDbFolder&) = delete;

    std::string path() const { return path_.string(); }
    DuckDbOptions options() const { return {.path = (path_ / "events.duckdb").string()}; }
    Result<std::unique_ptr<DuckDbDatabase>> open() {
        return DuckDbDatabase::open(options(), clock);
    }

    FakeClock clock;

  private:
    std::filesystem::path path_;
};

// A commit of whole batches, whose events follow `after`; nothing else was decided in it.
inline Commit commitOf(SequenceNumber after, const std::vector<const EventBatch*>& batches) {
    Commit commit{.parts = {}, .range = {.first = after + 1, .last = after}, .delta = {}};
    for (const EventBatch* batch : batches) {
        CommitPart part{.batch = batch, .first = commit.range.last + 1, .rows = {}};
        for (std::uint32_t row = 0; row < batch->size(); ++row) part.rows.push_back(row);
        commit.range.last = commit.range.last + batch->size();
        commit.delta.stored += batch->size();
        commit.parts.push_back(std::move(part));
    }
    return commit;
}

// `count` events that differ, from the given number on: many users, some cities.
inline EventBatch numberedEvents(std::uint64_t first, std::size_t count) {
    EventBatchBuilder builder;
    builder.batch().received_at = utcFromMicros(1'772'323'200'000'000);
    for (std::uint64_t number = first; number < first + count; ++number) {
        const std::string user = fmt::format("user-{:031}", number / 5);
        const std::string city = fmt::format("City {}", number % 2'000);
        const std::string order = fmt::format("order-{}", number);
        EventView event{.id = {.high = 7, .low = number},
                        .timestamp_us = 1'772'323'200'000'000 + static_cast<std::int64_t>(number),
                        .amount_ten_thousandths = static_cast<std::int64_t>(number * 10'000),
                        .payload_hash = static_cast<PayloadHash>(number),
                        .texts = {}};
        event.text(TextField::kUserId) = user;
        event.text(TextField::kEventType) = "view_products";
        event.text(TextField::kCity) = city;
        event.text(TextField::kOrderId) = order;
        builder.append(event);
    }
    return builder.take();
}

}  // namespace footfall
