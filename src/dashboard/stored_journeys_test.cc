#include "dashboard/stored_journeys.h"

#include <gtest/gtest.h>

#include "tests/fakes/duckdb_folder.h"

namespace footfall {
namespace {

TEST(StoredJourneys, areThoseThatTheServerStored) {
    DuckDbFolder folder;
    const auto database = folder.open();
    ASSERT_TRUE(database) << database.error().what;
    const Journey returns = {.name = "returns",
                             .stages = {{"ask", false, {"z_first", "a_second"}},
                                        {"pack", true, {"pack"}},
                                        {"send", false, {"send"}}}};
    ASSERT_TRUE((*database)->storeJourneys(std::vector{defaultJourney()}));
    ASSERT_TRUE((*database)->storeJourneys(std::vector{returns, defaultJourney()}));

    const auto journeys = storedJourneys(**database);

    ASSERT_TRUE(journeys) << journeys.error().what;
    ASSERT_EQ(journeys->size(), 2u);
    for (const Journey& expected : {returns, defaultJourney()}) {
        const auto found = std::ranges::find(*journeys, expected.name, &Journey::name);
        ASSERT_NE(found, journeys->end());
        ASSERT_EQ(found->stages.size(), expected.stages.size());
        for (std::size_t i = 0; i < expected.stages.size(); ++i) {
            EXPECT_EQ(found->stages[i].name, expected.stages[i].name);
            EXPECT_EQ(found->stages[i].optional, expected.stages[i].optional);
            EXPECT_EQ(found->stages[i].event_types, expected.stages[i].event_types);
        }
    }
}

}  // namespace
}  // namespace footfall
