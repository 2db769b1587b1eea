#include "main/truth_comparison.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

using nlohmann::json;

const json kTruth = json::parse(R"({"total_users": 20,
    "stages": [{"stage": "a", "users": 20}, {"stage": "b", "users": 7}],
    "cities": [{"city": "Pune", "revenue": "10.0000"}, {"city": "Delhi", "revenue": null}]})");

TEST(TruthComparison, findsNothingWhereEveryExpectedFieldIsThere) {
    json report = kTruth;
    report["generated_at"] = "2026-03-01T00:00:00Z";
    report["stages"][1]["percent_of_users"] = 35.0;
    std::swap(report["cities"][0], report["cities"][1]);

    EXPECT_EQ(firstDifference(kTruth, report), std::nullopt);
}

TEST(TruthComparison, namesTheFirstFieldThatDiffers) {
    json report = kTruth;
    report["stages"][1]["users"] = 8;
    EXPECT_EQ(firstDifference(kTruth, report), "stages[b].users is 8, expected 7");

    report = kTruth;
    report["cities"][0]["revenue"] = "10.0001";
    EXPECT_EQ(firstDifference(kTruth, report),
              "cities[Pune].revenue is \"10.0001\", expected \"10.0000\"");
}

TEST(TruthComparison, seesWhatIsMissingAndWhatIsTooMuch) {
    json report = kTruth;
    report["stages"].erase(1);
    EXPECT_EQ(firstDifference(kTruth, report), "stages[b] is missing");

    report = kTruth;
    report["cities"].push_back({{"city", "Agra"}});
    EXPECT_EQ(firstDifference(kTruth, report), "cities has 3 elements, expected 2");

    report = kTruth;
    report.erase("total_users");
    EXPECT_EQ(firstDifference(kTruth, report), "total_users is missing");

    EXPECT_EQ(firstDifference(kTruth, json::object()), "cities is missing");
    EXPECT_EQ(firstDifference(kTruth["stages"][0], json("text")),
              " is \"text\", expected an object");
}

}  // namespace
}  // namespace footfall
