#include "dashboard/event_types.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dashboard/result_table.h"
#include "dashboardFiles.h"

namespace footfall {
namespace {

using Json = nlohmann::ordered_json;

// What to put into a stage's list in the journey's file. A JSON string is a TOML string.
std::string lineToAdd(const EventTypeSeen& type) {
    return type.stage.empty()
               ? Json(type.name).dump(-1, ' ', false, Json::error_handler_t::replace) + ","
               : std::string();
}

std::string renderJson(const std::vector<EventTypeSeen>& types, const Journey& journey) {
    Json events = Json::array();
    for (const EventTypeSeen& type : types) {
        const bool has_stage = !type.stage.empty();
        events.push_back({{"event_type", type.name},
                          {"events", type.events},
                          {"users", type.users},
                          {"stage", has_stage ? Json(type.stage) : Json(nullptr)},
                          {"add", has_stage ? Json(nullptr) : Json(lineToAdd(type))}});
    }
    const Json json = {{"journey", journey.name}, {"events", std::move(events)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Value textOrNothing(std::string text) {
    return text.empty() ? Value() : Value(std::move(text));
}

}  // namespace

Result<std::vector<EventTypeSeen>> eventTypesSeen(Database& database, const Journey& journey,
                                                  std::chrono::milliseconds timeout) {
    const auto result =
        database.query({.sql = std::string(dashboardFiles("sql/duckdb/event_types.sql")),
                        .shadows = {},
                        .timeout = timeout});
    if (!result) return std::unexpected(result.error());
    std::map<std::string, std::string> stage_of;
    for (const Stage& stage : journey.stages)
        for (const std::string& event_type : stage.event_types) stage_of[event_type] = stage.name;

    std::vector<EventTypeSeen> types;
    for (const auto& row : result->rows) {
        const auto& name = std::get<std::string>(row[0]);
        const auto stage = stage_of.find(name);
        types.push_back({.name = name,
                         .events = std::get<std::int64_t>(row[1]),
                         .users = std::get<std::int64_t>(row[2]),
                         .stage = stage == stage_of.end() ? std::string() : stage->second});
    }
    return types;
}

std::string renderEventTypes(const std::vector<EventTypeSeen>& types, const Journey& journey,
                             ReportFormat format) {
    if (format == ReportFormat::kJson) return renderJson(types, journey);
    QueryResult table{.columns = {"event_type", "events", "users", "stage", "add"}, .rows = {}};
    for (const EventTypeSeen& type : types)
        table.rows.push_back({type.name, type.events, type.users, textOrNothing(type.stage),
                              textOrNothing(lineToAdd(type))});
    std::string text = renderResult(table, format);
    const bool all_have_stages =
        std::ranges::none_of(types, [](const auto& type) { return type.stage.empty(); });
    if (format == ReportFormat::kTable && !all_have_stages)
        text += fmt::format(
            "\nTypes without a stage are stored and count nowhere. To count one, put its line "
            "into\n"
            "the event_types of a stage of journey \"{}\" and start the server with --journey "
            "FILE.\n",
            journey.name);
    return text;
}

}  // namespace footfall
