#include "event/journey.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

std::string errorOf(std::string_view toml) {
    const Result<Journey> journey = parseJourney(toml, "j.toml");
    return journey ? "" : journey.error().what;
}

TEST(Journey, isReadWithItsStagesInOrder) {
    const Result<Journey> journey = parseJourney(R"(
        name = "catalog"
        [[stage]]
        name = "look"
        event_types = ["view", "view_item"]
        [[stage]]
        name = "think"
        optional = true
        event_types = ["wish"]
        [[stage]]
        name = "buy"
        optional = false
        event_types = ["buy"]
    )",
                                                 "j.toml");

    ASSERT_TRUE(journey) << journey.error().what;
    EXPECT_EQ(journey->name, "catalog");
    ASSERT_EQ(journey->stages.size(), 3u);
    EXPECT_EQ(journey->stages[0].event_types, (std::vector<std::string>{"view", "view_item"}));
    EXPECT_EQ(journey->stages[1].name, "think");
    EXPECT_TRUE(journey->stages[1].optional);
    EXPECT_FALSE(journey->stages[2].optional);
}

TEST(Journey, isTheStorefrontByDefault) {
    const Journey& journey = defaultJourney();

    EXPECT_EQ(journey.name, "storefront");
    std::vector<std::string> names;
    for (const Stage& stage : journey.stages) {
        names.push_back(stage.name);
        EXPECT_EQ(stage.event_types.front(), stage.name);
        EXPECT_EQ(stage.optional, stage.name == "click_banner");
    }
    EXPECT_EQ(names, (std::vector<std::string>{"access_app", "click_banner", "view_products",
                                               "select_product", "add_to_cart", "begin_checkout",
                                               "place_order"}));
    EXPECT_EQ(journey.stages[0].event_types.size(), 9u);
}

TEST(Journey, saysWhereTheTomlIsBroken) {
    const Result<Journey> journey = parseJourney("name = \"x\"\nstage = [", "j.toml");

    EXPECT_EQ(journey.error().code, Code::kMalformed);
    EXPECT_TRUE(journey.error().what.starts_with("j.toml:2: ")) << journey.error().what;
}

TEST(Journey, namesLineKeyAndFixOfWhatItCannotBe) {
    const std::string look = "name = \"x\"\n[[stage]]\nname = \"look\"\nevent_types = [\"view\"]\n";

    EXPECT_EQ(errorOf(look), "");
    EXPECT_EQ(errorOf("[[stage]]\nname = \"look\"\nevent_types = [\"view\"]\n"),
              "j.toml:1: \"name\" is missing; add name = \"…\"");
    EXPECT_EQ(errorOf("name = 5\n"), "j.toml:1: \"name\" must be a text that is not empty");
    EXPECT_EQ(errorOf("name = \"x\"\n"),
              "j.toml:1: the journey has no stage; add [[stage]] with name and event_types");
    EXPECT_EQ(errorOf("name = \"x\"\nstage = 5\n"),
              "j.toml:2: \"stage\" must be a list of tables; write [[stage]] above each");
    EXPECT_EQ(errorOf("name = \"x\"\nstage = [5]\n"),
              "j.toml:2: a stage is a table; write [[stage]] above it");
    EXPECT_EQ(errorOf("title = 1\n" + look),
              "j.toml:1: unknown key \"title\"; the keys here are name, stage");
    EXPECT_EQ(errorOf(look + "event_type = \"y\"\n"),
              "j.toml:5: unknown key \"event_type\"; the keys here are event_types, name, "
              "optional");
    EXPECT_EQ(errorOf("name = \"x\"\n[[stage]]\nevent_types = [\"view\"]\n"),
              "j.toml:2: \"name\" is missing; add name = \"…\"");
    EXPECT_EQ(errorOf("name = \"x\"\n[[stage]]\nname = \"look\"\n"),
              "j.toml:2: \"event_types\" is missing; add event_types = [\"…\"]");
    EXPECT_EQ(errorOf("name = \"x\"\n[[stage]]\nname = \"look\"\nevent_types = []\n"),
              "j.toml:4: \"event_types\" must be a list of at least one event type");
    EXPECT_EQ(errorOf("name = \"x\"\n[[stage]]\nname = \"look\"\nevent_types = [\"a\", 5]\n"),
              "j.toml:4: each of \"event_types\" must be a text that is not empty");
    EXPECT_EQ(errorOf(look + "[[stage]]\nname = \"look\"\nevent_types = [\"buy\"]\n"),
              "j.toml:5: the stage \"look\" stands in the stage of line 2 already; remove one of "
              "the two");
    EXPECT_EQ(errorOf(look + "[[stage]]\nname = \"buy\"\nevent_types = [\"view\"]\n"),
              "j.toml:5: the event type \"view\" stands in the stage of line 2 already; remove one "
              "of the two");
    EXPECT_EQ(errorOf(look + "[[stage]]\nname = \"buy\"\noptional = 1\nevent_types = [\"b\"]\n"),
              "j.toml:7: \"optional\" must be true or false");
    EXPECT_EQ(errorOf(look + "[[stage]]\nname = \"buy\"\noptional = true\nevent_types = [\"b\"]\n"),
              "j.toml:5: the last stage, \"buy\", is the conversion and cannot be optional; remove "
              "optional = true or add a stage after it");
}

}  // namespace
}  // namespace footfall
