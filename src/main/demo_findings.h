#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace footfall {

// Whether the reports of a demo are right, and whether they say something: which of the cities that
// the behaviour model makes better or worse the city report found.
struct DemoFindings {
    std::optional<std::string> difference;  // first field that is not as in the truth
    std::vector<std::string> found;         // with the right direction
    std::vector<std::string> not_found;     // too few users to tell, or no verdict
    std::vector<std::string> wrong;         // said to differ, but they do not, or the other way
};

// Reads `differing_cities` of the truth and the verdicts of the city report.
DemoFindings findCities(std::string_view truth_json, std::string_view cities_json);

// "Reports equal the driver's truth: yes", and a line on the cities.
std::string renderFindings(const DemoFindings& findings);

}  // namespace footfall
