#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "database/database.h"
#include "tests/fakes/duckdb_folder.h"

namespace footfall {

// One event of a test, as texts; "" is absent.
struct StoredEvent {
    EventId id;
    std::int64_t timestamp_us = 0;
    std::string user_id;
    std::string anonymous_id;
    std::string event_type;
    std::string city = "unknown";
    std::string device;
    std::string channel;
    std::string product_id;
    std::string order_id;
    std::string currency;
    std::int64_t amount_ten_thousandths = EventBatch::kNoAmount;
};

// ReportStore: a real database for one case after the other.
// Threads: one.   Errors: an aborted test.
class ReportStore {
  public:
    ReportStore();
    // What is stored from now on is these events alone.
    void replaceAll(const std::vector<StoredEvent>& events);
    void removeAll();
    // In one commit.
    void add(std::span<const StoredEvent> events);
    Database& database() { return *database_; }
    const Clock& clock() const { return folder_.clock; }

  private:
    DuckDbFolder folder_;
    std::unique_ptr<DuckDbDatabase> database_;
};

}  // namespace footfall
