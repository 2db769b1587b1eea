#include "event/event_json.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(EventParser, takesOneEvent) {
    EventParser parser({.key = EventIdKey(1), .zone = TimeZone::utc()}, 1);
    std::string body = R"({"user_id":"u1","event_type":"access_app","city":"banglore"})";
    EventBatch batch;

    const Result<ParseOutcome> outcome =
        parser.parse(body, false, utcFromMicros(1'772'323'200'000'000), batch);

    ASSERT_TRUE(outcome) << outcome.error().what;
    EXPECT_EQ(outcome->accepted, 1u);
    ASSERT_EQ(batch.size(), 1u);
    EXPECT_EQ(batch.value(TextField::kUserId, 0), "u1");
    EXPECT_EQ(batch.value(TextField::kEventType, 0), "access_app");
    EXPECT_EQ(batch.value(TextField::kCity, 0), "Bengaluru");
}

}  // namespace
}  // namespace footfall
