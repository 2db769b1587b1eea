#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "database/database.h"
#include "event/journey.h"
#include "report/report_parameters.h"

namespace footfall {

// An event type that was seen.
struct EventTypeSeen {
    std::string name;
    std::int64_t events = 0;
    std::int64_t users = 0;
    std::string stage;  // of the journey; "" when it counts as none
};

// Most events first. Errors: the database's.
[[nodiscard]] Result<std::vector<EventTypeSeen>> eventTypesSeen(Database& database,
                                                                const Journey& journey,
                                                                std::chrono::milliseconds timeout);

// JSON: {"journey":…,"events":[{"event_type","events","users","stage","add"}]}, where `stage` is
// null and `add` the line for the journey's file when the type belongs to no stage.
std::string renderEventTypes(const std::vector<EventTypeSeen>& types, const Journey& journey,
                             ReportFormat format);

}  // namespace footfall
