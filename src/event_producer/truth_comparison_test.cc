#include "event_producer/truth_comparison.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr std::string_view kTruth =
    R"({"stages":{"total_users":5,"stages":[{"stage":"a","percent":33.333333333333336}]},)"
    R"("cities":{"cities":[{"city":"Pune","revenue":"10.5000","rank":null}]}})";
constexpr std::string_view kStages =
    R"({"journey":"x","total_users":5,"stages":[{"stage":"a","percent":33.33333333333333}]})";
constexpr std::string_view kCities =
    R"({"cities":[{"city":"Pune","revenue":"10.5000","rank":null,"verdict":"better"}]})";

std::string replaced(std::string_view text, std::string_view old_text, std::string_view new_text) {
    std::string all(text);
    return all.replace(all.find(old_text), old_text.size(), new_text);
}

TEST(CompareWithTruth, findsNoDifferenceInReportsThatSayTheSameAndMore) {
    EXPECT_EQ(compareWithTruth(kTruth, kStages, kCities), std::nullopt);
}

TEST(CompareWithTruth, namesTheFirstFieldThatDiffers) {
    EXPECT_EQ(compareWithTruth(kTruth, replaced(kStages, ":5", ":6"), kCities),
              "stages.total_users: expected 5, found 6");
    EXPECT_EQ(compareWithTruth(kTruth, replaced(kStages, "33.33", "33.34"), kCities),
              "stages.stages[0].percent: expected 33.333333333333336, found 33.34333333333333");
    EXPECT_EQ(compareWithTruth(kTruth, kStages, replaced(kCities, "10.5000", "10.5001")),
              "cities.cities[0].revenue: expected \"10.5000\", found \"10.5001\"");
    EXPECT_EQ(compareWithTruth(kTruth, kStages, replaced(kCities, "null", "1")),
              "cities.cities[0].rank: expected null, found 1");
}

TEST(CompareWithTruth, missesWhatTheReportDoesNotHave) {
    EXPECT_EQ(compareWithTruth(kTruth, replaced(kStages, "total_users", "users"), kCities),
              "stages.total_users: expected 5, found no such field");
    EXPECT_EQ(compareWithTruth(kTruth, kStages, R"({"cities":[]})"),
              "cities.cities: expected 1 rows, found 0 rows");
}

TEST(CompareWithTruth, saysWhichTextIsNoReport) {
    EXPECT_EQ(compareWithTruth("[]", kStages, kCities), "the truth file is not a JSON object");
    EXPECT_EQ(compareWithTruth("{}", kStages, kCities), "the truth file has no field stages");
    EXPECT_EQ(compareWithTruth(kTruth, kStages, "<html>"), "the report cities is not JSON");
}

}  // namespace
}  // namespace footfall
