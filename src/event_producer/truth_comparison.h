#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace footfall {

// Whether the answers of reports/stages and reports/cities say what the truth says: every field of
// the truth must be in the report with the same value. Counts and texts must be equal, numbers with
// decimals to a relative 1e-12. Fields that only the report has are not looked at.
// nullopt: all equal. Otherwise one sentence on the first field that differs:
// "stages.stages[2].users: expected 119741, found 119740".
std::optional<std::string> compareWithTruth(std::string_view truth_json,
                                            std::string_view stages_json,
                                            std::string_view cities_json);

}  // namespace footfall
