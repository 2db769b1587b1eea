#include "event/event_id.h"

#include <set>

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr std::string_view kUuid = "0190f5fe-7c00-7a00-8abc-012345abcdef";

TEST(EventId, readsAUuidInAnyCaseAndWritesItInLowerCase) {
    EXPECT_EQ(toString(*parseUuid(kUuid)), kUuid);
    EXPECT_EQ(toString(*parseUuid("0190F5FE-7C00-7a00-8ABC-012345ABcdef")), kUuid);
    EXPECT_EQ(parseUuid(kUuid)->high, 0x0190f5fe7c007a00u);
    EXPECT_EQ(parseUuid(kUuid)->low, 0x8abc012345abcdefu);
    EXPECT_TRUE(parseUuid("00000000-0000-0000-0000-000000000000")->isNil());
}

TEST(EventId, takesNoOtherTextForAUuid) {
    for (const char* text :
         {"", "order-1", "0190f5fe7c007a008abc012345abcdef", "0190f5fe-7c00-7a00-8abc-012345abcdeg",
          "0190f5fe-7c00-7a00-8abc-012345abcde", "0190f5fe-7c00-7a00-8abc-012345abcdef0",
          "{190f5fe-7c00-7a00-8abc-012345abcde}", "0190f5fe-7c00-7a008-abc-012345abcdef"})
        EXPECT_EQ(parseUuid(text), std::nullopt) << text;
}

TEST(EventId, ordersAsItsText) {
    EXPECT_LT(*parseUuid("0190f5fe-0000-0000-ffff-ffffffffffff"),
              *parseUuid("0190f5fe-0000-0001-0000-000000000000"));
}

TEST(EventId, makesUuidV7FromTheTimeAndRandomBits) {
    Random random(1);
    const UtcTime now = utcFromMicros(0x0190f5fe7c00 * 1000LL + 999);

    const std::string text = toString(makeUuidV7(now, random));

    EXPECT_EQ(text.substr(0, 15), "0190f5fe-7c00-7");
    EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos) << text;
    std::set<EventId> ids;
    for (int i = 0; i < 1000; ++i) ids.insert(makeUuidV7(now, random));
    EXPECT_EQ(ids.size(), 1000u);
}

TEST(EventIdKey, givesEachTextOneUuidV8) {
    const EventIdKey key(42);

    const std::string text = toString(key.idOf("order-1"));

    EXPECT_EQ(text, toString(EventIdKey(42).idOf("order-1")));
    EXPECT_EQ(text[14], '8');
    EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos) << text;
    EXPECT_NE(key.idOf("order-1"), key.idOf("order-2"));
}

TEST(EventIdKey, givesAnotherIdUnderAnotherKey) {
    EXPECT_NE(EventIdKey(42).idOf("order-1"), EventIdKey(43).idOf("order-1"));
}

// The ids of stored events rest on this value: it must never change.
TEST(EventIdKey, staysTheSameForEver) {
    EXPECT_EQ(toString(EventIdKey(42).idOf("order-1")), "8cae5e66-c917-8e30-8b97-b68cf4549904");
}

}  // namespace
}  // namespace footfall
