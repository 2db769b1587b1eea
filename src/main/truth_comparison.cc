#include "main/truth_comparison.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

using nlohmann::json;

std::optional<std::string> compare(const std::string& path, const json& expected,
                                   const json& actual);

// What tells an element of a list from its neighbours: its stage, its city, else its place.
std::string keyOf(const json& element, std::size_t index) {
    for (const char* name : {"stage", "city"})
        if (element.is_object() && element.contains(name)) return element[name].get<std::string>();
    return std::to_string(index);
}

std::optional<std::string> compareObjects(const std::string& path, const json& expected,
                                          const json& actual) {
    if (!actual.is_object())
        return fmt::format("{} is {}, expected an object", path, actual.dump());
    for (const auto& [name, value] : expected.items()) {
        const std::string member = path.empty() ? name : fmt::format("{}.{}", path, name);
        if (!actual.contains(name)) return fmt::format("{} is missing", member);
        if (auto difference = compare(member, value, actual[name])) return difference;
    }
    return std::nullopt;
}

std::optional<std::string> compareLists(const std::string& path, const json& expected,
                                        const json& actual) {
    if (!actual.is_array()) return fmt::format("{} is {}, expected a list", path, actual.dump());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::string key = keyOf(expected[i], i);
        const std::string element = fmt::format("{}[{}]", path, key);
        std::size_t place = 0;
        while (place < actual.size() && keyOf(actual[place], place) != key) ++place;
        if (place == actual.size()) return fmt::format("{} is missing", element);
        if (auto difference = compare(element, expected[i], actual[place])) return difference;
    }
    if (actual.size() != expected.size())
        return fmt::format("{} has {} elements, expected {}", path, actual.size(), expected.size());
    return std::nullopt;
}

std::optional<std::string> compare(const std::string& path, const json& expected,
                                   const json& actual) {
    if (expected.is_object()) return compareObjects(path, expected, actual);
    if (expected.is_array()) return compareLists(path, expected, actual);
    if (expected == actual) return std::nullopt;
    return fmt::format("{} is {}, expected {}", path, actual.dump(), expected.dump());
}

}  // namespace

std::optional<std::string> firstDifference(const json& expected, const json& actual) {
    return compare("", expected, actual);
}

}  // namespace footfall
