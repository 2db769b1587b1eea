#include "main/demo_findings.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr std::string_view kTruth = R"({"differing_cities": [
    {"city": "Pune", "direction": "better", "factor": 1.3},
    {"city": "Kolkata", "direction": "worse", "factor": 0.7},
    {"city": "Agra", "direction": "worse", "factor": 0.8}]})";

TEST(DemoFindings, tellsFoundFromMissedAndFromWronglyNamed) {
    const auto findings = findCities(kTruth, R"({"cities": [
        {"city": "Pune", "verdict": "better"}, {"city": "Kolkata", "verdict": "better"},
        {"city": "Agra", "verdict": "too_early_to_say"}, {"city": "Delhi", "verdict": "worse"},
        {"city": "unknown", "verdict": null}]})");

    EXPECT_EQ(findings.found, std::vector<std::string>{"Pune (better)"});
    EXPECT_EQ(findings.not_found, std::vector<std::string>{"Agra"});
    EXPECT_EQ(findings.wrong, (std::vector<std::string>{"Delhi (worse)", "Kolkata (better)"}));
}

TEST(DemoFindings, saysYesOrNamesTheFieldThatDiffers) {
    DemoFindings findings;
    EXPECT_TRUE(renderFindings(findings).ends_with("Reports equal the driver's truth: yes\n"));

    findings.difference = "stages.total_users: expected 1, found 2";
    EXPECT_TRUE(renderFindings(findings).ends_with(
        "Reports equal the driver's truth: no (stages.total_users: expected 1, found 2)\n"));
}

}  // namespace
}  // namespace footfall
