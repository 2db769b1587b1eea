#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace footfall {

// Whether a city differs from the other users. docs/reports.md says when which applies.
enum class Verdict { kBetter, kWorse, kNoClearDifference, kTooEarlyToSay };

inline constexpr std::array<std::string_view, 4> kVerdictNames = {
    "better", "worse", "no_clear_difference", "too_early_to_say"};

constexpr std::string_view verdictName(Verdict verdict) {
    return kVerdictNames[static_cast<std::size_t>(verdict)];
}

}  // namespace footfall
