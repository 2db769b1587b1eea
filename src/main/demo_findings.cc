#include "main/demo_findings.h"

#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

using Json = nlohmann::json;

// City -> "better" or "worse".
std::map<std::string, std::string> directionsOf(const Json& cities, const char* field) {
    std::map<std::string, std::string> directions;
    for (const Json& city : cities) {
        if (!city.at(field).is_string()) continue;
        const std::string direction = city[field].get<std::string>();
        if (direction == "better" || direction == "worse")
            directions[city.at("city").get<std::string>()] = direction;
    }
    return directions;
}

std::string listOf(const std::vector<std::string>& cities) {
    return cities.empty() ? "none" : fmt::format("{}", fmt::join(cities, ", "));
}

}  // namespace

DemoFindings findCities(std::string_view truth_json, std::string_view cities_json) {
    const auto truth = directionsOf(Json::parse(truth_json).at("differing_cities"), "direction");
    const auto said = directionsOf(Json::parse(cities_json).at("cities"), "verdict");
    DemoFindings findings;
    for (const auto& [city, direction] : truth) {
        const auto verdict = said.find(city);
        if (verdict == said.end())
            findings.not_found.push_back(city);
        else if (verdict->second == direction)
            findings.found.push_back(fmt::format("{} ({})", city, direction));
    }
    for (const auto& [city, verdict] : said) {
        const auto direction = truth.find(city);
        if (direction == truth.end() || direction->second != verdict)
            findings.wrong.push_back(fmt::format("{} ({})", city, verdict));
    }
    return findings;
}

std::string renderFindings(const DemoFindings& findings) {
    const std::string equal =
        findings.difference ? fmt::format("no ({})", *findings.difference) : std::string("yes");
    return fmt::format(
        "Cities that truly differ: found {}; not found: {}; wrongly named: {}.\n"
        "Reports equal the driver's truth: {}\n",
        listOf(findings.found), listOf(findings.not_found), listOf(findings.wrong), equal);
}

}  // namespace footfall
