#include "report/json_parts.h"

#include <chrono>

#include <fmt/format.h>

#include "support/check.h"

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

std::string textOf(const Json& json, std::string_view array,
                   std::span<const std::string> elements) {
    std::string text = textOf(json);
    if (elements.empty()) return text;
    // A line break in a text is escaped, so that this stands there once.
    const std::string member = fmt::format("\n  \"{}\": [", array);
    const std::size_t at = text.find(member + "]");
    CHECK(at != std::string::npos, "the array is there, and empty");
    text.insert(at + member.size(), fmt::format("\n    {}\n  ", fmt::join(elements, ",\n    ")));
    return text;
}

}  // namespace footfall
