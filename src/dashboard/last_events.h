#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"

namespace footfall {

// A stored event as the live stream shows it.
struct LastEvent {
    std::int64_t sequence = 0;
    UtcTime received_at{};
    UtcTime timestamp{};
    std::string event_type;
    std::string city;
    std::optional<std::string> device;
    std::optional<std::string> channel;
    std::int64_t person = 0;  // the database's code
};

// The 20 that were stored last, the newest first. Errors: the database's.
[[nodiscard]] Result<std::vector<LastEvent>> lastEvents(Database& database,
                                                        std::chrono::milliseconds timeout);

}  // namespace footfall
