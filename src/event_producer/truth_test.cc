#include "event_producer/truth.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using Json = nlohmann::json;

ShopperEvent at(Micros offset, Act act, std::uint16_t city = ShopperEvent::kNoCity) {
    ShopperEvent event;
    event.offset = offset;
    event.act = act;
    event.city = city;
    return event;
}

ShopperEvent line(std::uint16_t order, std::uint32_t product, std::int64_t amount) {
    ShopperEvent event = at(seconds(1), Act::kPlaceOrder);
    event.order = order;
    event.product = product;
    event.amount_ten_thousandths = amount;
    return event;
}

class TruthTest : public testing::Test {
  protected:
    void add(std::vector<ShopperEvent> events) {
        counter_.add({.index = next_index_++, .guest = false, .device = 0, .events = events});
    }
    std::uint64_t inOrder(Act act) const {
        return counter_.truth().stages[indexOf(act)].users_in_order;
    }
    Json json() const { return Json::parse(truthJson(counter_.truth(), model_)); }

    const BehaviourModel& model_ = defaultBehaviour();
    DriverRun run_{model_, 42, utcFromMicros(1'772'303'400'000'000)};
    TruthCounter counter_{model_, run_};
    std::uint64_t next_index_ = 0;
};

TEST_F(TruthTest, countsUsersByStageAndByTheFurthestOne) {
    add({at(seconds(0), Act::kAccessApp), at(seconds(1), Act::kClickBanner)});
    add({at(seconds(0), Act::kAccessApp), at(seconds(1), Act::kAddToCart),
         at(seconds(2), Act::kAccessApp)});
    add({at(seconds(0), Act::kAddToWishlist)});

    const Truth& truth = counter_.truth();
    EXPECT_EQ(truth.total_users, 2u);
    EXPECT_EQ(truth.total_events, 5u);
    EXPECT_EQ(truth.stages[indexOf(Act::kAccessApp)].users, 2u);
    EXPECT_EQ(truth.stages[indexOf(Act::kAccessApp)].furthest_users, 0u);
    EXPECT_EQ(truth.stages[indexOf(Act::kClickBanner)].furthest_users, 1u);
    EXPECT_EQ(truth.stages[indexOf(Act::kAddToCart)].furthest_users, 1u);
}

TEST_F(TruthTest, takesStagesInOrderOnlyAndTheBannerAsASideEntrance) {
    add({at(seconds(0), Act::kAccessApp), at(seconds(5), Act::kSelectProduct),
         at(seconds(9), Act::kViewProducts)});

    EXPECT_EQ(inOrder(Act::kViewProducts), 1u);
    EXPECT_EQ(inOrder(Act::kSelectProduct), 0u);
    EXPECT_EQ(inOrder(Act::kClickBanner), 0u);
}

TEST_F(TruthTest, takesEventsOfOneInstantInTheOrderOfTheStages) {
    add({at(seconds(0), Act::kViewProducts), at(seconds(0), Act::kAccessApp)});

    EXPECT_EQ(inOrder(Act::kViewProducts), 1u);
}

TEST_F(TruthTest, countsTheWindowFromAnyFirstEventUpToItsLastMicrosecond) {
    add({at(days(0), Act::kAccessApp), at(days(7), Act::kViewProducts)});
    add({at(days(0), Act::kAccessApp), at(days(7) + Micros(1), Act::kViewProducts)});
    add({at(days(0), Act::kAccessApp), at(days(3), Act::kAccessApp),
         at(days(8), Act::kViewProducts)});
    // The later first event has no list after it, the earlier list is too old for the product.
    add({at(days(0), Act::kAccessApp), at(days(1), Act::kViewProducts),
         at(days(2), Act::kAccessApp), at(days(8), Act::kSelectProduct)});

    EXPECT_EQ(inOrder(Act::kViewProducts), 3u);
    EXPECT_EQ(inOrder(Act::kSelectProduct), 0u);
}

TEST_F(TruthTest, measuresWholeSecondsBetweenTheEarliestTimes) {
    add({at(seconds(0), Act::kAccessApp), at(Micros(9'999'999), Act::kViewProducts)});
    add({at(seconds(0), Act::kAccessApp), at(seconds(20), Act::kViewProducts),
         at(seconds(90), Act::kViewProducts)});

    const Json stage = json()["stages"]["stages"][indexOf(Act::kViewProducts)];
    EXPECT_DOUBLE_EQ(stage["median_seconds_from_previous"], 14.5);
    EXPECT_DOUBLE_EQ(stage["p90_seconds_from_previous"], 18.9);
    EXPECT_TRUE(json()["stages"]["stages"][0]["median_seconds_from_previous"].is_null());
}

TEST_F(TruthTest, givesAUserTheFirstCityThatAJourneyEventKnows) {
    add({at(seconds(0), Act::kAddToWishlist, 5), at(seconds(1), Act::kAccessApp),
         at(seconds(2), Act::kViewProducts, 7), at(seconds(3), Act::kViewProducts, 5)});
    add({at(seconds(0), Act::kAccessApp)});

    EXPECT_EQ(counter_.truth().cities[5].users, 0u);
    EXPECT_EQ(counter_.truth().cities[7].users, 1u);
    EXPECT_EQ(counter_.truth().cities.back().users, 1u);
}

TEST_F(TruthTest, breaksATieOfCitiesByTheEventId) {
    add({at(seconds(0), Act::kAccessApp, 1), at(seconds(0), Act::kViewProducts, 2)});

    const bool first_is_smaller = toString(run_.eventId(0, 0)) < toString(run_.eventId(0, 1));
    EXPECT_EQ(counter_.truth().cities[first_is_smaller ? 1 : 2].users, 1u);
}

TEST_F(TruthTest, addsUpTheDistinctLinesOfEachOrder) {
    add({line(1, 10, 1'000'000), line(1, 11, 500'000), line(1, 11, 500'000), line(2, 11, 500'000)});

    const CityTruth& city = counter_.truth().cities.back();
    EXPECT_EQ(city.orders, 2u);
    EXPECT_EQ(city.stage_users.back(), 1u);
    EXPECT_EQ(toString(city.revenue), "200.0000");
    EXPECT_EQ(json()["cities"]["overall"]["average_order_value"], "100.0000");
}

TEST_F(TruthTest, listsCitiesByUsersThenNameAndTheUnknownLast) {
    const auto& cities = model_.cities;  // the named ones are in the order of their names
    add({at(seconds(0), Act::kAccessApp)});
    add({at(seconds(0), Act::kAccessApp)});
    add({at(seconds(0), Act::kAccessApp, 1)});
    add({at(seconds(0), Act::kAccessApp, 0)});
    add({at(seconds(0), Act::kAccessApp, 3)});
    add({at(seconds(0), Act::kAccessApp, 3)});

    const Json rows = json()["cities"]["cities"];
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(rows[0]["city"], cities[3].name);
    EXPECT_EQ(rows[1]["city"], cities[0].name);
    EXPECT_EQ(rows[2]["city"], cities[1].name);
    EXPECT_EQ(rows[3]["city"], "unknown");
    EXPECT_EQ(rows[2]["rank"], 3);
    EXPECT_TRUE(rows[3]["rank"].is_null());
}

TEST(Truth, isTheSameForAnyNumberOfThreads) {
    const BehaviourModel& model = defaultBehaviour();
    const DriverRun run(model, 42, utcFromMicros(1'772'303'400'000'000));

    const std::string one = truthJson(makeTruth(model, run, 3'000, 1), model);

    EXPECT_EQ(one, truthJson(makeTruth(model, run, 3'000, 3), model));
    EXPECT_EQ(one, truthJson(makeTruth(model, run, 3'000, 8), model));
}

// The city report's rule, by hand: pooled z-test of each city against all other users, then
// Benjamini and Hochberg.
std::map<std::string, double> adjustedPValues(const Truth& truth, const BehaviourModel& model) {
    double buyers = 0;
    for (const CityTruth& city : truth.cities) buyers += double(city.stage_users.back());
    const double users = double(truth.total_users);
    const double pooled = buyers / users;
    std::vector<std::pair<double, std::string>> p_values;
    for (std::size_t city = 0; city < model.cities.size(); ++city) {
        const double here = double(truth.cities[city].users);
        const double bought = double(truth.cities[city].stage_users.back());
        const double difference = bought / here - (buyers - bought) / (users - here);
        const double error = std::sqrt(pooled * (1 - pooled) * (1 / here + 1 / (users - here)));
        p_values.emplace_back(std::erfc(std::abs(difference / error) / std::sqrt(2.0)),
                              model.cities[city].name);
    }
    std::ranges::sort(p_values);
    std::map<std::string, double> adjusted;
    double smallest = 1.0;
    for (std::size_t rank = p_values.size(); rank > 0; --rank) {
        const auto& [p_value, name] = p_values[rank - 1];
        smallest = std::min(smallest, p_value * double(p_values.size()) / double(rank));
        adjusted[name] = smallest;
    }
    return adjusted;
}

TEST(Truth, letsTheCityRuleFindTheCitiesThatDifferAndNoOthers) {
    const BehaviourModel& model = defaultBehaviour();
    const DriverRun run(model, 42, utcFromMicros(1'772'303'400'000'000));

    const Truth truth = makeTruth(model, run, 200'000, 2);
    std::map<std::string, double> adjusted = adjustedPValues(truth, model);

    int found = 0;
    for (const ModelCity& city : model.cities) {
        if (city.factor == 1.0) {
            EXPECT_GT(adjusted[city.name], 0.05) << city.name;
        } else {
            found += adjusted[city.name] < 0.05;
        }
    }
    EXPECT_GE(found, 5);
}

}  // namespace
}  // namespace footfall
