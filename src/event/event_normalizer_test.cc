// The rules of docs/event.md, field by field, through the parser.
#include <gtest/gtest.h>

#include "tests/parsed_events.h"

namespace footfall {
namespace {

std::string with(const std::string& members) {
    return parseWith(members).error();
}

std::string propertiesWith(const std::string& members) {
    return parseWith(members).value(TextField::kProperties);
}

std::string repeated(std::size_t count) {
    return std::string(count, 'x');
}

TEST(EventRules, keepEachFieldInItsColumn) {
    const ParsedEvents parsed = parseEvents(R"({
        "event_id": "0190F5FE-7C00-7A00-8ABC-012345ABCDEF", "user_id": "u1", "anonymous_id": "a1",
        "event_type": "place_order", "timestamp": "2026-03-01T14:00:00+05:30", "city": "poona",
        "session_id": "s1", "device": "mobile", "channel": "ads", "product_id": "p1",
        "category": "tea", "order_id": "o1", "currency": "inr", "quantity": 3, "amount": 12.5,
        "properties": {"plan": "gold"}})");

    ASSERT_EQ(parsed.error(), "");
    const EventBatch& batch = parsed.batch;
    EXPECT_EQ(toString(batch.ids[0]), "0190f5fe-7c00-7a00-8abc-012345abcdef");
    EXPECT_EQ(parsed.value(TextField::kUserId), "u1");
    EXPECT_EQ(parsed.value(TextField::kAnonymousId), "a1");
    EXPECT_EQ(parsed.value(TextField::kEventType), "place_order");
    EXPECT_EQ(formatUtc(utcFromMicros(batch.timestamps_us[0])), "2026-03-01T08:30:00Z");
    EXPECT_EQ(parsed.value(TextField::kCity), "Pune");
    EXPECT_EQ(parsed.value(TextField::kSessionId), "s1");
    EXPECT_EQ(parsed.value(TextField::kDevice), "mobile");
    EXPECT_EQ(parsed.value(TextField::kChannel), "ads");
    EXPECT_EQ(parsed.value(TextField::kProductId), "p1");
    EXPECT_EQ(parsed.value(TextField::kCategory), "tea");
    EXPECT_EQ(parsed.value(TextField::kOrderId), "o1");
    EXPECT_EQ(parsed.value(TextField::kCurrency), "INR");
    EXPECT_EQ(batch.quantities[0], 3);
    EXPECT_EQ(batch.amounts_ten_thousandths[0], 125'000);
    EXPECT_EQ(parsed.value(TextField::kProperties), R"({"plan": "gold"})");
    EXPECT_EQ(batch.received_at, kReceivedAt);
    EXPECT_EQ(batch.assigned_id_count, 0u);
    EXPECT_EQ(batch.late_count, 0u);
}

TEST(EventRules, leaveAbsentFieldsEmpty) {
    const ParsedEvents parsed = parseWith(
        R"("anonymous_id":null,"session_id":null,"device":"","quantity":null,"amount":null,
           "timestamp":null,"city":null,"properties":null,"currency":"","event_id":null)");

    ASSERT_EQ(parsed.error(), "");
    for (const TextField field : {TextField::kAnonymousId, TextField::kSessionId,
                                  TextField::kDevice, TextField::kCurrency, TextField::kProperties})
        EXPECT_EQ(parsed.value(field), "") << fieldName(field);
    EXPECT_EQ(parsed.batch.quantities[0], EventBatch::kNoQuantity);
    EXPECT_EQ(parsed.batch.amounts_ten_thousandths[0], EventBatch::kNoAmount);
    EXPECT_EQ(parsed.batch.timestamps_us[0], microsSinceEpoch(kReceivedAt));
    EXPECT_EQ(parsed.value(TextField::kCity), "unknown");
    EXPECT_EQ(parsed.batch.assigned_id_count, 1u);
}

TEST(EventRules, needAnEventType) {
    EXPECT_EQ(parseEvents(R"({"user_id":"u"})").error(), "missing_field event_type");
    EXPECT_EQ(parseEvents(R"({"user_id":"u","event_type":""})").error(),
              "missing_field event_type");
    EXPECT_EQ(parseEvents(R"({"user_id":"u","event_type":5})").error(), "invalid_field event_type");
    EXPECT_EQ(parseEvents(R"({"user_id":"u","event":["x"]})").error(), "invalid_field event");
    EXPECT_EQ(parseEvents(R"({"user_id":"u","stage":")" + repeated(129) + "\"}").error(),
              "invalid_field stage");
    EXPECT_EQ(parseEvents(R"({"user_id":"u","stage":")" + repeated(128) + "\"}").error(), "");
}

TEST(EventRules, readTheEventTypeFromItsOtherNamesInOrder) {
    const auto typeOf = [](const std::string& members) {
        return parseEvents(R"({"user_id":"u",)" + members + "}").value(TextField::kEventType);
    };

    EXPECT_EQ(typeOf(R"("stage":"d","event_name":"c","event":"b","event_type":"a")"), "a");
    EXPECT_EQ(typeOf(R"("stage":"d","event_name":"c","event":"b")"), "b");
    EXPECT_EQ(typeOf(R"("stage":"d","event_name":"c","event":null)"), "c");
    EXPECT_EQ(typeOf(R"("stage":"Order Completed","event_name":"")"), "Order Completed");
}

TEST(EventRules, keepTheOtherNamesOfTheEventTypeThatWereNotReadAsProperties) {
    EXPECT_EQ(propertiesWith(R"("event":"b","stage":7)"), R"({"event":"b","stage":7})");
}

TEST(EventRules, needAPerson) {
    EXPECT_EQ(parseEvents(R"({"event_type":"x"})").error(), "missing_field user_id");
    EXPECT_EQ(parseEvents(R"({"event_type":"x","user_id":"","anonymous_id":null})").error(),
              "missing_field user_id");
    EXPECT_EQ(parseEvents(R"({"event_type":"x","anonymous_id":"a"})").error(), "");
    EXPECT_EQ(parseEvents(R"({"event_type":"x","user_id":1.5})").error(), "invalid_field user_id");
    EXPECT_EQ(parseEvents(R"({"event_type":"x","user_id":true})").error(), "invalid_field user_id");
    EXPECT_EQ(with(R"("anonymous_id":")" + repeated(129) + "\""), "invalid_field anonymous_id");
}

TEST(EventRules, keepIntegerIdsAsTheirDigits) {
    const ParsedEvents parsed = parseEvents(
        R"({"event_type":"x","user_id":123456789012345678901234567890,"anonymous_id":-0,
            "session_id":5,"product_id":6,"order_id":7})");

    ASSERT_EQ(parsed.error(), "");
    EXPECT_EQ(parsed.value(TextField::kUserId), "123456789012345678901234567890");
    EXPECT_EQ(parsed.value(TextField::kAnonymousId), "-0");
    EXPECT_EQ(parsed.value(TextField::kSessionId), "5");
    EXPECT_EQ(parsed.value(TextField::kProductId), "6");
    EXPECT_EQ(parsed.value(TextField::kOrderId), "7");
}

TEST(EventRules, takeOptionalTextsOfTheirTypeAndSizeOnly) {
    for (const std::string field : {"session_id", "device", "channel", "product_id", "category",
                                    "order_id", "currency", "city"}) {
        const std::string name = "\"" + field + "\":";
        EXPECT_EQ(with(name + "true"), "invalid_field " + field);
        EXPECT_EQ(with(name + "[]"), "invalid_field " + field);
        EXPECT_EQ(with(name + "{}"), "invalid_field " + field);
        EXPECT_EQ(with(name + "1.5"), "invalid_field " + field);
        EXPECT_EQ(with(name + "\"" + repeated(257) + "\""), "invalid_field " + field);
        EXPECT_EQ(with(name + "\"" + repeated(256) + "\""), "") << field;
    }
    for (const std::string field : {"device", "channel", "category", "currency", "city"})
        EXPECT_EQ(with("\"" + field + "\":5"), "invalid_field " + field);
}

TEST(EventRules, giveAnEventWithoutIdAUuidV7OfTheTimeOfReceipt) {
    for (const char* id : {"null", "\"\"", "\"00000000-0000-0000-0000-000000000000\""}) {
        const ParsedEvents parsed = parseWith(std::string("\"event_id\":") + id);

        ASSERT_EQ(parsed.error(), "") << id;
        EXPECT_EQ(parsed.batch.assigned_id_count, 1u);
        EXPECT_EQ(toString(parsed.batch.ids[0])[14], '7');
        EXPECT_EQ(parsed.batch.ids[0].high >> 16, microsSinceEpoch(kReceivedAt) / 1000u);
        EXPECT_EQ(parsed.value(TextField::kProperties), "");
    }
}

TEST(EventRules, turnAnIdThatIsNoUuidIntoOneAndKeepItReadable) {
    const ParsedEvents parsed = parseWith(R"("event_id":"order\u002d1","properties":{"a":1})");

    EXPECT_EQ(parsed.batch.ids[0], EventIdKey(42).idOf("order-1"));
    EXPECT_EQ(parsed.batch.assigned_id_count, 0u);
    EXPECT_EQ(parsed.value(TextField::kProperties), R"({"a":1,"$event_id":"order\u002d1"})");
    EXPECT_EQ(parseWith(R"("event_id":17)").value(TextField::kProperties), R"({"$event_id":17})");
    EXPECT_EQ(with("\"event_id\":\"" + repeated(128) + "\""), "");
    EXPECT_EQ(with("\"event_id\":\"" + repeated(129) + "\""), "invalid_field event_id");
    EXPECT_EQ(with(R"("event_id":{})"), "invalid_field event_id");
}

TEST(EventRules, readTimestampsInEveryForm) {
    const auto timeOf = [](const std::string& value) {
        const ParsedEvents parsed = parseWith("\"timestamp\":" + value);
        return parsed.error().empty() ? formatUtc(utcFromMicros(parsed.batch.timestamps_us[0]))
                                      : parsed.error();
    };

    EXPECT_EQ(timeOf("\"2026-03-01T09:00:00.1234567Z\""), "2026-03-01T09:00:00.123456Z");
    EXPECT_EQ(timeOf("\"2026-03-01T09:00:00\""), "2026-03-01T03:30:00Z");  // in Asia/Kolkata
    EXPECT_EQ(timeOf("1772355600"), "2026-03-01T09:00:00Z");
    EXPECT_EQ(timeOf("1772355600.25"), "2026-03-01T09:00:00.25Z");
    EXPECT_EQ(timeOf("1.7723556e9"), "2026-03-01T09:00:00Z");
    EXPECT_EQ(timeOf("1772355600000"), "2026-03-01T09:00:00Z");
    EXPECT_EQ(timeOf("\"1772355600000000\""), "2026-03-01T09:00:00Z");
    for (const char* value : {"true", "{}", "[]", "\"soon\"", "1e400", "100000000000000000", "-1",
                              "\"1969-12-31T23:59:59Z\""})
        EXPECT_EQ(timeOf(value), "invalid_field timestamp") << value;
}

TEST(EventRules, rejectTimestampsOverADayAheadAndCountThoseOlderThan30Days) {
    EXPECT_EQ(with(R"("timestamp":"2026-03-02T09:30:00Z")"), "");
    EXPECT_EQ(with(R"("timestamp":"2026-03-02T09:30:00.000001Z")"), "invalid_field timestamp");
    EXPECT_EQ(parseWith(R"("timestamp":"2026-01-30T09:30:00Z")").batch.late_count, 0u);
    EXPECT_EQ(parseWith(R"("timestamp":"2026-01-30T09:29:59Z")").batch.late_count, 1u);
    EXPECT_EQ(with(R"("timestamp":0)"), "");
}

TEST(EventRules, giveCitiesTheirOneName) {
    const auto cityOf = [](const std::string& city) {
        return parseWith("\"city\":\"" + city + "\"").value(TextField::kCity);
    };

    EXPECT_EQ(cityOf("banglore"), "Bengaluru");
    EXPECT_EQ(cityOf(" N/A "), "unknown");
    EXPECT_EQ(cityOf("san\\u0020FRANCISCO"), "San Francisco");
    EXPECT_EQ(parseWith("\"product_id\":1").value(TextField::kCity), "unknown");
}

TEST(EventRules, takeQuantitiesThatAreIntegersFromZero) {
    EXPECT_EQ(parseWith(R"("quantity":0)").batch.quantities[0], 0);
    EXPECT_EQ(parseWith(R"("quantity":-0)").batch.quantities[0], 0);
    EXPECT_EQ(parseWith(R"("quantity":9223372036854775807)").batch.quantities[0], INT64_MAX);
    for (const char* value : {"-1", "1.5", "1.0", "1e2", "9223372036854775808", "\"3\"", "true"})
        EXPECT_EQ(with(std::string("\"quantity\":") + value), "invalid_field quantity") << value;
}

TEST(EventRules, takeAmountsExactlyFromNumbersAndStrings) {
    const auto amountOf = [](const std::string& value) {
        return parseWith("\"amount\":" + value).batch.amounts_ten_thousandths[0];
    };

    EXPECT_EQ(amountOf("0.1"), 1'000);
    EXPECT_EQ(amountOf("1e3"), 10'000'000);
    EXPECT_EQ(amountOf("\"1234.5678\""), 12'345'678);
    EXPECT_EQ(amountOf("-0"), 0);
    EXPECT_EQ(amountOf("1000000000000"), 10'000'000'000'000'000);
    EXPECT_EQ(amountOf("\"\""), EventBatch::kNoAmount);
    for (const char* value : {"-0.01", "0.00001", "1000000000000.1", "1e400", "\"12,50\"", "\" 1\"",
                              "\"₹5\"", "true", "[1]"})
        EXPECT_EQ(with(std::string("\"amount\":") + value), "invalid_field amount") << value;
}

TEST(EventRules, keepPropertiesToTheByte) {
    EXPECT_EQ(propertiesWith(R"("properties": { "a" : 1.50, "b":[1e400 ,"\u0041"] } )"),
              R"({ "a" : 1.50, "b":[1e400 ,"\u0041"] })");
    EXPECT_EQ(propertiesWith(R"("properties":{})"), "");
    for (const char* value : {"5", "\"x\"", "[]", "true"})
        EXPECT_EQ(with(std::string("\"properties\":") + value), "invalid_field properties");
}

TEST(EventRules, letUnknownFieldsJoinThePropertiesUnlessTheseHaveTheName) {
    EXPECT_EQ(propertiesWith(R"("a":1,"b":[2, 3],"c":null)"), R"({"a":1,"b":[2, 3],"c":null})");
    EXPECT_EQ(propertiesWith(R"("a":1,"properties":{"a":2,"d":4},"b":3)"),
              R"({"b":3,"a":2,"d":4})");
    EXPECT_EQ(propertiesWith(R"("":1,"events":5,"we\"ird":2)"), R"({"":1,"events":5,"we\"ird":2})");
}

TEST(EventRules, letTheLastOfARepeatedKeyWin) {
    EXPECT_EQ(parseWith(R"("city":"Pune","city":"Agra")").value(TextField::kCity), "Agra");
    EXPECT_EQ(parseWith(R"("city":5,"cit\u0079":"Agra")").value(TextField::kCity), "Agra");
    EXPECT_EQ(parseWith(R"("city":"Agra","city":null)").value(TextField::kCity), "unknown");
    EXPECT_EQ(propertiesWith(R"("a":1,"b":2,"a":3)"), R"({"b":2,"a":3})");
    EXPECT_EQ(propertiesWith(R"("properties":{"a":1,"\u0061":2})"), R"({"\u0061":2})");
    EXPECT_EQ(propertiesWith(R"("properties":{"a":1},"properties":{"b":2})"), R"({"b":2})");
    EXPECT_EQ(propertiesWith(R"("properties":{"a":1},"properties":null)"), "");
    EXPECT_EQ(propertiesWith(R"("event_id":"x","properties":{"$event_id":"y"})"),
              R"({"$event_id":"x"})");
}

TEST(EventRules, rejectTextsThatHoldNulOrHalfACharacter) {
    EXPECT_EQ(with(R"("device":"a\u0000b")"), "invalid_field device");
    EXPECT_EQ(with(R"("device":"a\ud83d")"), "invalid_field device");
    EXPECT_EQ(with(R"("device":"\ude00\ud83d")"), "invalid_field device");
    EXPECT_EQ(with(R"("device":"\ud83d\ude00")"), "");
    EXPECT_EQ(with(R"("properties":{"a":[{"b":"\u0000"}]})"), "invalid_field properties");
    EXPECT_EQ(with(R"("properties":{"\ud83d":1})"), "invalid_field properties");
    EXPECT_EQ(with(R"("hint":{"a":"\udbff\u0041"})"), "invalid_field hint");
    EXPECT_EQ(with(R"("a\u0000":1)"), "invalid_field a\\u0000");
    EXPECT_EQ(with(R"("device":"\\u0000")"), "");
}

TEST(EventRules, unescapeTexts) {
    EXPECT_EQ(
        parseWith(R"("device":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é")").value(TextField::kDevice),
        "\"\\/\b\f\n\r\té😀é");
}

TEST(EventRules, limitAnEventToItsBytesAsSent) {
    const std::string head = R"({"user_id":"u","event_type":"x","properties":{"a":")";
    const std::string tail = "\"}}";
    const std::string fits = head + repeated(kEventBytesMax - head.size() - tail.size()) + tail;
    const std::string over = head + repeated(kEventBytesMax - head.size() - tail.size() + 1) + tail;

    EXPECT_EQ(parseEvents(fits).error(), "");
    EXPECT_EQ(parseEvents(over).error(), "event_too_large");
    EXPECT_EQ(parseEvents("[" + fits + " ]").error(), "");
    EXPECT_EQ(parseEvents("[ " + over + "]").error(), "event_too_large");
    EXPECT_EQ(parseEvents(over + "\n", true).error(), "event_too_large");
}

PayloadHash hashWith(const std::string& members) {
    return parseWith(members).batch.payload_hashes[0];
}

TEST(PayloadHash, isTheSameForAResendAndLeavesOutTheIdAndAnAssignedTime) {
    EXPECT_EQ(hashWith(R"("city":"banglore","amount":1.50)"),
              hashWith(R"("amount":"1.5","city":"Bengaluru")"));
    EXPECT_EQ(hashWith(R"("event_id":"0190f5fe-7c00-7a00-8abc-012345abcdef")"),
              hashWith(R"("event_id":null)"));
    EXPECT_EQ(hashWith(R"("timestamp":null)"), hashWith(R"("quantity":null)"));
}

TEST(PayloadHash, differsForEachFieldThatDiffers) {
    const PayloadHash plain = hashWith(R"("device":null)");
    for (const char* members :
         {R"("device":"d")", R"("channel":"d")", R"("quantity":0)", R"("amount":0)",
          R"("timestamp":"2026-03-01T09:30:00Z")", R"("properties":{"a":1})", R"("city":"Pune")",
          R"("anonymous_id":"a")", R"("event_type":"other")"})
        EXPECT_NE(hashWith(members), plain) << members;
    EXPECT_NE(hashWith(R"("device":"a","channel":"bc")"),
              hashWith(R"("device":"ab","channel":"c")"));
}

// The hashes of stored events rest on this value: it must never change.
TEST(PayloadHash, staysTheSameForEver) {
    EXPECT_EQ(hashWith(R"("timestamp":1772355600,"city":"Pune","amount":5)"), 8173u);
}

}  // namespace
}  // namespace footfall
