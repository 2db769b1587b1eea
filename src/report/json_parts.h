#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "report/report_parameters.h"

// What the JSON of all reports has in common.
namespace footfall {

using Json = nlohmann::ordered_json;

template <class T>
Json orNull(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json timeOrNull(const std::optional<UtcTime>& time);
Json windowSeconds(const std::optional<Micros>& window);
Json filtersOf(const ReportParameters& parameters);
std::string textOf(const Json& json);
// With these texts, a line each, as the elements of `array`, a member that is an empty array.
std::string textOf(const Json& json, std::string_view array, std::span<const std::string> elements);

// What every report begins with.
template <class Report>
Json headOf(const Report& report) {
    return {{"journey", report.parameters.journey},
            {"from", timeOrNull(report.parameters.from)},
            {"to", timeOrNull(report.parameters.to)},
            {"timezone", report.zone.name()},
            {"filters", filtersOf(report.parameters)}};
}

}  // namespace footfall
