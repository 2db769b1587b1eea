#include "report/json_parts.h"

#include <chrono>

namespace footfall {

Json timeOrNull(const std::optional<UtcTime>& time) {
    return time ? Json(formatUtc(*time)) : Json();
}

Json windowSeconds(const std::optional<Micros>& window) {
    if (!window) return {};
    return std::chrono::duration_cast<std::chrono::seconds>(*window).count();
}

Json filtersOf(const ReportParameters& parameters) {
    return {{"new_users", parameters.new_users},
            {"city", orNull(parameters.city)},
            {"device", orNull(parameters.device)},
            {"channel", orNull(parameters.channel)}};
}

std::string textOf(const Json& json) {
    return json.dump(2) + "\n";
}

}  // namespace footfall
