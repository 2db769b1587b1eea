#include <gtest/gtest.h>

#include "event/event_json.h"
#include "tests/parsed_events.h"

namespace footfall {
namespace {

std::string rendered(const std::string& body) {
    const ParsedEvents parsed = parseEvents(body);
    return parsed.batch.empty() ? parsed.error() : eventToJson(eventAt(parsed.batch, 0));
}

TEST(EventToJson, writesTheFieldsThatAreThereByTheirNames) {
    EXPECT_EQ(rendered(R"({"event_id":"0190f5fe-7c00-7a00-8abc-012345abcdef","user_id":7,
                           "stage":"place_order","timestamp":1772355600.5,"amount":"12.50",
                           "quantity":2,"currency":"inr","plan":"gold"})"),
              R"({"event_id":"0190f5fe-7c00-7a00-8abc-012345abcdef",)"
              R"("timestamp":"2026-03-01T09:00:00.5Z","user_id":"7","event_type":"place_order",)"
              R"("city":"unknown","currency":"INR","properties":{"plan":"gold"},)"
              R"("quantity":2,"amount":12.5})");
}

TEST(EventToJson, gives100AsItIs) {
    EXPECT_TRUE(
        rendered(R"({"user_id":"u","event_type":"x","amount":100})").ends_with(R"("amount":100})"));
    EXPECT_TRUE(
        rendered(R"({"user_id":"u","event_type":"x","amount":0})").ends_with(R"("amount":0})"));
}

TEST(EventToJson, isReadAsTheSameEventAgain) {
    for (const char* members :
         {R"("timestamp":"2026-03-01T09:00:00")", R"("timestamp":0,"event_id":"order-1","x":[1e5])",
          R"("timestamp":1,"device":"q\"b\\n\nu\u0001\ud83d\ude00","amount":0.0001)",
          R"("timestamp":1.000001,"city":"são PAULO","quantity":0,"amount":1e12)",
          R"("timestamp":1,"properties":{"a":1,"a":2, "b" : {}},"order_id":17)"}) {
        const ParsedEvents first = parseWith(members);
        ASSERT_EQ(first.error(), "") << members;

        const ParsedEvents second = parseEvents(eventToJson(eventAt(first.batch, 0)));

        ASSERT_EQ(second.error(), "") << members;
        EXPECT_EQ(second.batch.ids, first.batch.ids);
        EXPECT_EQ(second.batch.payload_hashes, first.batch.payload_hashes) << members;
        EXPECT_EQ(eventToJson(eventAt(second.batch, 0)), eventToJson(eventAt(first.batch, 0)));
    }
}

}  // namespace
}  // namespace footfall
