#include "event_producer/event_writer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "event/event_json.h"

namespace footfall {
namespace {

using Json = nlohmann::json;

const UtcTime kStart = utcFromMicros(1'772'303'400'000'000);  // 2026-03-01T00:00:00+05:30

class EventWriterTest : public testing::Test {
  protected:
    Json written(const Shopper& shopper) const {
        std::string text;
        writer_.append(shopper, 0, text);
        return Json::parse(text);
    }

    const BehaviourModel& model_ = defaultBehaviour();
    DriverRun run_{model_, 42, kStart};
    EventWriter writer_{model_, run_};
};

TEST_F(EventWriterTest, writesAnOrderLineWithAllThatTheReportsNeed) {
    const Shopper shopper = {.index = 17,
                             .guest = false,
                             .device = 0,
                             .events = {{.offset = Micros(3'723'000'045),
                                         .amount_ten_thousandths = 25'995'000,
                                         .product = 41,
                                         .city = 0,
                                         .city_text = 0,
                                         .order = 2,
                                         .quantity = 3,
                                         .visit = 4,
                                         .detail = 0,
                                         .channel = 1,
                                         .act = Act::kPlaceOrder}}};

    const Json event = written(shopper);

    const std::string owner = run_.tag() + "-17";
    EXPECT_EQ(event["event_id"].get<std::string>(), toString(run_.eventId(17, 0)));
    EXPECT_EQ(event["user_id"], "u-" + owner);
    EXPECT_EQ(event["event_type"], "place_order");
    EXPECT_EQ(event["timestamp"], "2026-02-28T19:32:03.000045Z");
    EXPECT_EQ(event["session_id"], "s-" + owner + "-4");
    EXPECT_EQ(event["order_id"], "o-" + owner + "-2");
    EXPECT_EQ(event["city"], model_.city_texts[0]);
    EXPECT_EQ(event["device"], model_.device_names[0]);
    EXPECT_EQ(event["channel"], model_.channel_names[1]);
    EXPECT_EQ(event["product_id"], "p-42");
    EXPECT_EQ(event["category"], model_.products.category_names[model_.products.categories[41]]);
    EXPECT_EQ(event["quantity"], 3);
    EXPECT_EQ(event["amount"], 2599.5);
    EXPECT_EQ(event["currency"], "INR");
    EXPECT_EQ(event.size(), 14u);
}

TEST_F(EventWriterTest, leavesOutWhatAnEventDoesNotHave) {
    const Shopper guest = {.index = 3, .guest = true, .device = 1, .events = {ShopperEvent()}};

    const Json event = written(guest);

    EXPECT_EQ(event["anonymous_id"], "g-" + run_.tag() + "-3");
    for (const char* absent : {"user_id", "city", "product_id", "category", "quantity", "amount",
                               "currency", "order_id", "properties"})
        EXPECT_FALSE(event.contains(absent)) << absent;
}

TEST_F(EventWriterTest, writesPropertiesOfBannersAndLists) {
    Shopper shopper = {.index = 3, .guest = false, .device = 1, .events = {ShopperEvent()}};
    shopper.events[0].detail = 7;

    shopper.events[0].act = Act::kClickBanner;
    EXPECT_EQ(written(shopper)["properties"], Json({{"banner", "b-7"}}));

    shopper.events[0].act = Act::kViewProducts;
    EXPECT_EQ(written(shopper)["properties"], Json({{"page", 7}}));
}

TEST_F(EventWriterTest, quotesTheTextsOfTheModel) {
    BehaviourModel model = model_;
    model.city_texts[0] = "New \"York\"\n";
    const EventWriter writer(model, run_);
    Shopper shopper = {.index = 3, .guest = false, .device = 1, .events = {ShopperEvent()}};
    shopper.events[0].city_text = 0;

    std::string text;
    writer.append(shopper, 0, text);

    EXPECT_EQ(Json::parse(text)["city"], "New \"York\"\n");
}

// What the webhook makes of `count` shoppers' events, sent as one array.
EventBatch parsed(const BehaviourModel& model, const DriverRun& run, std::uint64_t count) {
    const EventWriter writer(model, run);
    std::string body;
    Shopper shopper;
    for (std::uint64_t user = 0; user < count; ++user) {
        playShopper(model, run.seed(), user, shopper);
        for (std::size_t event = 0; event < shopper.events.size(); ++event) {
            body += body.empty() ? '[' : ',';
            writer.append(shopper, event, body);
        }
    }
    body += ']';
    EventParser parser({.key = EventIdKey(1), .zone = TimeZone::utc()}, 1);
    EventBatch batch;
    const Result<ParseOutcome> outcome =
        parser.parse(body, /*ndjson=*/false, kStart + model.period, batch);
    EXPECT_TRUE(outcome.has_value() && outcome->rejected == 0);
    return batch;
}

TEST_F(EventWriterTest, isReadByTheWebhookAsWhatTheShopperDid) {
    constexpr std::uint64_t kShoppers = 500;
    const EventBatch batch = parsed(model_, run_, kShoppers);

    EXPECT_EQ(batch.assigned_id_count, 0u);
    EXPECT_GT(batch.late_count, 0u);
    std::size_t row = 0;
    Shopper shopper;
    for (std::uint64_t user = 0; user < kShoppers; ++user) {
        playShopper(model_, run_.seed(), user, shopper);
        for (std::size_t at = 0; at < shopper.events.size(); ++at, ++row) {
            ASSERT_LT(row, batch.size());
            const ShopperEvent& event = shopper.events[at];
            const EventView read = eventAt(batch, row);
            ASSERT_EQ(read.id, run_.eventId(user, at));
            ASSERT_EQ(read.timestamp_us, microsSinceEpoch(run_.timeOf(event)));
            ASSERT_EQ(read.text(TextField::kEventType), actName(event.act));
            const std::string city =
                event.city == ShopperEvent::kNoCity ? "unknown" : model_.cities[event.city].name;
            ASSERT_EQ(read.text(TextField::kCity), city);
            ASSERT_EQ(read.amount_ten_thousandths,
                      event.amount_ten_thousandths == ShopperEvent::kNoAmount
                          ? EventBatch::kNoAmount
                          : event.amount_ten_thousandths);
            ASSERT_EQ(read.text(TextField::kUserId).empty(), shopper.guest);
        }
    }
    EXPECT_EQ(row, batch.size());
}

}  // namespace
}  // namespace footfall
