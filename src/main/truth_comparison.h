#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace footfall {

// The first field of `expected` that `actual` does not have with the same value, as
// "stages[add_to_cart].users is 17, expected 18"; nullopt when there is none. Fields that only
// `actual` has are not looked at. Elements of a list with a `stage` or `city` are found by it, in
// any order; a list of them must not hold others.
std::optional<std::string> firstDifference(const nlohmann::json& expected,
                                           const nlohmann::json& actual);

}  // namespace footfall
