#include "event_producer/truth_comparison.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

using Json = nlohmann::json;
using Difference = std::optional<std::string>;

Difference differ(const std::string& path, const std::string& expected, const std::string& found) {
    return fmt::format("{}: expected {}, found {}", path, expected, found);
}

bool sameNumber(const Json& expected, const Json& found) {
    if (expected.is_number_integer() && found.is_number_integer()) return expected == found;
    const double a = expected.get<double>();
    const double b = found.get<double>();
    // Below 1 the bound is absolute: 100 minus a share has lost its relative precision.
    return std::abs(a - b) <= 1e-12 * std::max({std::abs(a), std::abs(b), 1.0});
}

Difference compare(const std::string& path, const Json& expected, const Json& found);

Difference compareObjects(const std::string& path, const Json& expected, const Json& found) {
    for (const auto& [key, value] : expected.items()) {
        const std::string inner = fmt::format("{}.{}", path, key);
        const auto there = found.find(key);
        if (there == found.end()) return differ(inner, value.dump(), "no such field");
        if (Difference difference = compare(inner, value, *there)) return difference;
    }
    return std::nullopt;
}

Difference compareArrays(const std::string& path, const Json& expected, const Json& found) {
    for (std::size_t at = 0; at < std::min(expected.size(), found.size()); ++at)
        if (Difference difference =
                compare(fmt::format("{}[{}]", path, at), expected[at], found[at]))
            return difference;
    if (expected.size() == found.size()) return std::nullopt;
    return differ(path, fmt::format("{} rows", expected.size()),
                  fmt::format("{} rows", found.size()));
}

Difference compare(const std::string& path, const Json& expected, const Json& found) {
    if (expected.is_object() && found.is_object()) return compareObjects(path, expected, found);
    if (expected.is_array() && found.is_array()) return compareArrays(path, expected, found);
    const bool same =
        expected.is_number() && found.is_number() ? sameNumber(expected, found) : expected == found;
    return same ? std::nullopt : differ(path, expected.dump(), found.dump());
}

Difference compareReport(const std::string& name, const Json& truth, std::string_view text) {
    const auto expected = truth.find(name);
    if (expected == truth.end()) return "the truth file has no field " + name;
    const Json found = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (found.is_discarded()) return "the report " + name + " is not JSON";
    return compare(name, *expected, found);
}

}  // namespace

std::optional<std::string> compareWithTruth(std::string_view truth_json,
                                            std::string_view stages_json,
                                            std::string_view cities_json) {
    const Json truth = Json::parse(truth_json, nullptr, /*allow_exceptions=*/false);
    if (!truth.is_object()) return "the truth file is not a JSON object";
    if (Difference difference = compareReport("stages", truth, stages_json)) return difference;
    return compareReport("cities", truth, cities_json);
}

}  // namespace footfall
