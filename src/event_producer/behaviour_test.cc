#include "event_producer/behaviour.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/city_table.h"
#include "event/journey.h"

namespace footfall {
namespace {

using testing::HasSubstr;

std::string storefront() {
    std::ifstream file(FOOTFALL_SOURCE_DIR "/data/behaviour/storefront.toml");
    return {std::istreambuf_iterator<char>(file), {}};
}

// The storefront model with one text in it replaced.
std::string storefrontWith(std::string_view old_text, std::string_view new_text) {
    std::string toml = storefront();
    const std::size_t at = toml.find(old_text);
    EXPECT_NE(at, std::string::npos) << old_text;
    return toml.replace(at, old_text.size(), new_text);
}

std::string errorOf(const std::string& toml) {
    const Result<BehaviourModel> model = parseBehaviour(toml, "mine.toml");
    return model ? "no error" : model.error().what;
}

TEST(Behaviour, expectsThePublishedShareOfShoppersAtEachStage) {
    const Reach shares = expectedShares(defaultBehaviour());

    const Reach published = {1.0, 0.25, 0.60, 0.40, 0.09, 0.05, 0.027};
    for (std::size_t stage = 0; stage < kStageCount; ++stage)
        EXPECT_NEAR(shares[stage], published[stage], 0.001) << actName(kActs[stage]);
}

TEST(Behaviour, playsTheStagesOfTheDefaultJourney) {
    const Journey& journey = defaultJourney();

    ASSERT_EQ(journey.stages.size(), kStageCount);
    for (std::size_t stage = 0; stage < kStageCount; ++stage) {
        EXPECT_EQ(journey.stages[stage].name, actName(kActs[stage]));
        EXPECT_EQ(journey.stages[stage].optional, isOptional(stage));
        EXPECT_THAT(journey.stages[stage].event_types, testing::Contains(actName(kActs[stage])));
    }
}

TEST(Behaviour, spellsCitiesInWaysThatTheWebhookKnows) {
    const CityTable& table = CityTable::builtIn();

    for (const ModelCity& city : defaultBehaviour().cities) {
        EXPECT_EQ(table.canonical(city.name), city.name);
        for (const std::uint16_t spelling : city.spellings)
            EXPECT_EQ(table.canonical(defaultBehaviour().city_texts[spelling]), city.name);
    }
}

TEST(Behaviour, hasSixtyCitiesOfWhichSixDiffer) {
    const std::vector<ModelCity>& cities = defaultBehaviour().cities;

    EXPECT_EQ(cities.size(), 60u);
    EXPECT_EQ(std::ranges::count_if(cities, [](const auto& city) { return city.factor != 1.0; }),
              6);
}

TEST(Behaviour, namesTheLineOfBrokenToml) {
    EXPECT_THAT(errorOf("name = \"x\"\nperiod_days = = 3\n"), HasSubstr("mine.toml:2"));
}

TEST(Behaviour, namesTheKeyTheLineAndTheLimitsOfAWrongValue) {
    EXPECT_EQ(errorOf(storefrontWith("list_again     = 0.38", "list_again     = 1.5")),
              "mine.toml:24: habits.list_again must be a number from 0 to 0.9");
    EXPECT_THAT(errorOf(storefrontWith("period_days = 28", "period_days = 2")),
                HasSubstr("period_days must be a whole number from 3 to 3650"));
}

TEST(Behaviour, namesAKeyThatIsMissing) {
    EXPECT_THAT(errorOf(storefrontWith("deep_link ", "deep_lynk ")),
                HasSubstr("habits.deep_link is missing"));
}

TEST(Behaviour, namesAKeyThatItDoesNotKnow) {
    EXPECT_EQ(errorOf(storefrontWith("[visits]", "[visits]\nlength = 3")),
              "mine.toml: unknown key visits.length");
}

TEST(Behaviour, refusesADifferenceThatCannotBe) {
    EXPECT_THAT(errorOf(storefrontWith("factor = 1.40", "factor = 2.40")),
                HasSubstr("gives Pune a chance above 1"));
    EXPECT_THAT(errorOf(storefrontWith("city = \"Pune\"", "city = \"Paris\"")),
                HasSubstr("cities.differences needs city"));
}

TEST(Behaviour, refusesWeightsThatAreNone) {
    EXPECT_THAT(errorOf(storefrontWith("android = 68", "android = -1")),
                HasSubstr("devices.android must be a weight above 0"));
    EXPECT_THAT(errorOf(storefrontWith("hours = [1.2,", "hours = [")), HasSubstr("24 weights"));
}

}  // namespace
}  // namespace footfall
