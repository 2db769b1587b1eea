#include "dashboard/last_events.h"

#include "dashboardFiles.h"

namespace footfall {
namespace {

std::optional<std::string> textOrNothing(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::nullopt : std::optional(*text);
}

}  // namespace

Result<std::vector<LastEvent>> lastEvents(Database& database, std::chrono::milliseconds timeout) {
    const auto result =
        database.query({.sql = std::string(dashboardFiles("sql/duckdb/last_events.sql")),
                        .shadows = {},
                        .timeout = timeout});
    if (!result) return std::unexpected(result.error());
    std::vector<LastEvent> events;
    for (const auto& row : result->rows)
        events.push_back({.sequence = std::get<std::int64_t>(row[0]),
                          .received_at = std::get<UtcTime>(row[1]),
                          .timestamp = std::get<UtcTime>(row[2]),
                          .event_type = std::get<std::string>(row[3]),
                          .city = std::get<std::string>(row[4]),
                          .device = textOrNothing(row[5]),
                          .channel = textOrNothing(row[6]),
                          .person = std::get<std::int64_t>(row[7])});
    return events;
}

}  // namespace footfall
