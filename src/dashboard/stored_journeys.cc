#include "dashboard/stored_journeys.h"

#include "dashboardFiles.h"

namespace footfall {

Result<std::vector<Journey>> storedJourneys(Database& database) {
    auto result = database.query(
        {.sql = std::string(dashboardFiles("sql/duckdb/journeys.sql")), .shadows = {}});
    if (!result) return std::unexpected(std::move(result.error()));
    std::vector<Journey> journeys;
    for (const auto& row : result->rows) {
        const auto& name = std::get<std::string>(row[0]);
        const auto& stage = std::get<std::string>(row[1]);
        if (journeys.empty() || journeys.back().name != name) journeys.push_back({name, {}});
        auto& stages = journeys.back().stages;
        if (stages.empty() || stages.back().name != stage)
            stages.push_back({stage, std::get<bool>(row[2]), {}});
        if (const auto* event_type = std::get_if<std::string>(&row[3]))
            stages.back().event_types.push_back(*event_type);
    }
    return journeys;
}

}  // namespace footfall
