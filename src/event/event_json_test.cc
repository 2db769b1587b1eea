#include "event/event_json.h"

#include <gtest/gtest.h>

#include "tests/parsed_events.h"

namespace footfall {
namespace {

constexpr std::string_view kGood = R"({"user_id":"u1","event_type":"access_app"})";
constexpr std::string_view kBad = R"({"user_id":"u1"})";

std::string joined(std::initializer_list<std::string_view> texts) {
    std::string all;
    for (const std::string_view text : texts) all += text;
    return all;
}

std::string listOf(std::string_view element, std::size_t count) {
    std::string list = "[";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) list += ',';
        list += element;
    }
    return list + "]";
}

// "received accepted rejected", or the code of the whole.
std::string countsOf(const ParsedEvents& parsed) {
    if (!parsed.outcome) return parsed.outcome.error().code == Code::kMalformed ? "malformed" : "?";
    EXPECT_EQ(parsed.batch.size(), parsed.outcome->accepted);
    EXPECT_EQ(parsed.batch.rejected_count, parsed.outcome->rejected);
    return std::to_string(parsed.outcome->received) + " " +
           std::to_string(parsed.outcome->accepted) + " " +
           std::to_string(parsed.outcome->rejected);
}

std::string counts(std::initializer_list<std::string_view> body, bool ndjson = false) {
    return countsOf(parseEvents(joined(body), ndjson));
}

TEST(EventParser, takesOneEventAListAndAnObjectThatCarriesAList) {
    EXPECT_EQ(counts({kGood}), "1 1 0");
    EXPECT_EQ(counts({" \r\n\t", kGood, "\n"}), "1 1 0");
    EXPECT_EQ(counts({"[", kGood, ",", kGood, "]"}), "2 2 0");
    EXPECT_EQ(counts({"{\"events\":[", kGood, "]}"}), "1 1 0");
    EXPECT_EQ(counts({"{\"sent_at\":5,\"events\" : [", kGood, "],\"user_id\":[]}"}), "1 1 0");
}

TEST(EventParser, skipsAByteOrderMark) {
    EXPECT_EQ(counts({"\xef\xbb\xbf", kGood}), "1 1 0");
    EXPECT_EQ(counts({"\xef\xbb\xbf", kGood, "\n", kGood}), "2 2 0");
    EXPECT_EQ(counts({"\xef\xbb\xbf"}), "malformed");
}

TEST(EventParser, takesTheLastOfSeveralLists) {
    const ParsedEvents parsed =
        parseEvents(joined({"{\"events\":[", kBad, "],\"events\":[", kGood, "]}"}));

    EXPECT_EQ(countsOf(parsed), "1 1 0");
}

TEST(EventParser, takesAnObjectWhoseEventsAreNoListForAnEvent) {
    EXPECT_EQ(counts({R"({"user_id":"u","event_type":"x","events":{"a":1}})"}), "1 1 0");
}

TEST(EventParser, rejectsABadEventByItselfAndSaysWhichAndWhy) {
    const ParsedEvents parsed = parseEvents(joined({"[", kGood, ",", kBad, ",7,", kGood, ",[]]"}));

    ASSERT_EQ(countsOf(parsed), "5 2 3");
    const std::vector<RejectedEvent>& errors = parsed.outcome->errors;
    ASSERT_EQ(errors.size(), 3u);
    EXPECT_EQ(errors[0].index, 1u);
    EXPECT_EQ(errors[0].code, "missing_field");
    EXPECT_EQ(errors[0].field, "event_type");
    EXPECT_EQ(errors[0].message,
              "event_type is missing; say what happened, as in \"event_type\":\"add_to_cart\"");
    EXPECT_EQ(errors[1].index, 2u);
    EXPECT_EQ(errors[1].code, "not_an_object");
    EXPECT_EQ(errors[2].index, 4u);
}

TEST(EventParser, rejectsABodyThatIsOneValueAndNoEvent) {
    for (const char* body : {"5", "\"text\"", "true", "null", " -1.5e3 "})
        EXPECT_EQ(parseEvents(body).error(), "not_an_object") << body;
}

TEST(EventParser, countsAllErrorsAndListsTheFirstHundred) {
    const ParsedEvents parsed = parseEvents(listOf("1", 150));

    EXPECT_EQ(countsOf(parsed), "150 0 150");
    EXPECT_EQ(parsed.outcome->errors.size(), kListedErrorsMax);
    EXPECT_EQ(parsed.outcome->errors.back().index, 99u);
}

TEST(EventParser, refusesABodyWithoutEvents) {
    for (const char* body : {"[]", "{\"events\":[]}", "[ ]"})
        EXPECT_EQ(parseEvents(body).outcome.error().code, Code::kInvalidArgument) << body;
    for (const char* body : {"", " \n"}) {
        EXPECT_EQ(parseEvents(body).outcome.error().code, Code::kMalformed);
        EXPECT_EQ(parseEvents(body, true).outcome.error().code, Code::kMalformed);
    }
}

TEST(EventParser, refusesMoreThan5000Events) {
    std::string lines;
    for (std::size_t i = 0; i < kRequestEventsMax; ++i) lines += joined({kGood, "\n"});

    EXPECT_EQ(countsOf(parseEvents(listOf(kGood, kRequestEventsMax))), "5000 5000 0");
    EXPECT_EQ(parseEvents(listOf(kGood, kRequestEventsMax + 1)).outcome.error().code,
              Code::kTooLarge);
    EXPECT_EQ(countsOf(parseEvents(lines)), "5000 5000 0");
    EXPECT_EQ(parseEvents(joined({lines, kGood})).outcome.error().code, Code::kTooLarge);
}

TEST(EventParser, refusesNestingBeyond32) {
    const auto nested = [](int depth) {
        return std::string(static_cast<std::size_t>(depth), '[') +
               std::string(static_cast<std::size_t>(depth), ']');
    };
    const auto property = [&](int depth) {
        return R"({"user_id":"u","event_type":"x","v":)" + nested(depth) + "}";
    };

    EXPECT_EQ(countsOf(parseEvents(nested(32))), "1 0 1");
    EXPECT_EQ(countsOf(parseEvents(nested(33))), "malformed");
    EXPECT_EQ(countsOf(parseEvents(property(31))), "1 1 0");
    EXPECT_EQ(countsOf(parseEvents(property(32))), "malformed");
    EXPECT_EQ(countsOf(parseEvents("{\"events\":[" + property(29) + "]}")), "1 1 0");
    EXPECT_EQ(countsOf(parseEvents("{\"events\":[" + property(30) + "]}")), "malformed");
    EXPECT_EQ(parseEvents(property(32)).error(),
              "the body is not well-formed JSON: it is nested deeper than 32 levels");
}

TEST(EventParser, keepsNothingOfABodyThatIsMalformedFurtherOn) {
    EventParser parser({.key = EventIdKey(1), .zone = TimeZone::utc()}, 1);
    std::string broken = joined({"[", kGood, ",{\"user_id\":01}]"});
    std::string good(kGood);
    EventBatch batch;

    EXPECT_EQ(parser.parse(broken, false, kReceivedAt, batch).error().code, Code::kMalformed);
    EXPECT_EQ(batch.size(), 0u);
    EXPECT_EQ(parser.parse(good, false, kReceivedAt, batch)->accepted, 1u);
    EXPECT_EQ(batch.size(), 1u);
}

TEST(EventParser, givesEachRequestABatchOfItsOwn) {
    EventParser parser({.key = EventIdKey(1), .zone = TimeZone::utc()}, 1);
    std::string first = joined({"[", kGood, ",", kBad, "]"});
    std::string second(kGood);
    EventBatch batch;

    ASSERT_TRUE(parser.parse(first, false, kReceivedAt, batch));
    ASSERT_TRUE(parser.parse(second, false, kReceivedAt, batch));

    EXPECT_EQ(batch.size(), 1u);
    EXPECT_EQ(batch.rejected_count, 0u);
    EXPECT_EQ(batch.assigned_id_count, 1u);
}

TEST(EventLines, areFoundWhenTheFirstLineIsAWholeObjectAndMoreFollow) {
    EXPECT_EQ(counts({kGood, "\n", kGood}), "2 2 0");
    EXPECT_EQ(counts({kGood, "\r\n\r\n", kGood, "\r\n"}), "2 2 0");
    EXPECT_EQ(counts({"{}\n{}"}), "2 0 2");
    EXPECT_EQ(counts({kGood, "\n{broken"}), "2 1 1");
}

TEST(EventLines, areNotFoundInOneTextOverSeveralLines) {
    EXPECT_EQ(counts({"{\"user_id\":\"u\",\n\"event_type\":\"x\"}"}), "1 1 0");
    EXPECT_EQ(counts({"{\"v\":{}\n,\"user_id\":\"u\",\"event_type\":\"x\"}"}), "1 1 0");
    EXPECT_EQ(counts({"[1]\n[2]"}), "malformed");
    EXPECT_EQ(counts({"1\n2"}), "malformed");
    EXPECT_EQ(counts({"{}{}"}), "malformed");
    EXPECT_EQ(counts({"{\"a\":01}\n", kGood}), "malformed");
}

TEST(EventLines, areReadWhenTheContentTypeSaysSo) {
    EXPECT_EQ(counts({kGood}, true), "1 1 0");
    EXPECT_EQ(counts({"[", kGood, "]\n", kGood}, true), "2 1 1");
    EXPECT_EQ(counts({kGood, "\n5\n\"\xff\"\n{\"a\":[}]}"}, true), "4 1 3");
}

TEST(EventLines, rejectABrokenLineByItsNumberFromZero) {
    const ParsedEvents parsed =
        parseEvents(joined({kGood, "\n\n{\"a\":}\n[1\n", kGood, "}\n", kGood}));

    ASSERT_EQ(countsOf(parsed), "5 2 3");
    const std::vector<RejectedEvent>& errors = parsed.outcome->errors;
    EXPECT_EQ(errors[0].code, "malformed_json");
    EXPECT_EQ(errors[0].index, 2u);
    EXPECT_EQ(errors[1].index, 3u);
    EXPECT_EQ(errors[2].index, 4u);
    EXPECT_EQ(errors[2].message,
              "the line is not well-formed JSON: something stands after its end");
}

TEST(EventParser, saysWhatIsMalformed) {
    const auto reason = [](const std::string& body) {
        return parseEvents(body).error().substr(
            std::string("the body is not well-formed JSON: ").size());
    };

    for (const char* body : {"[1 2]", "[1", "{\"a\" 1}", "{\"a\":}", "{\"a\":1,}", "{1:2}", "[1}",
                             "]", "[\"a\"\"b\"]", "{\"a\":1 \"b\":2}", "[{} x", "[,]"})
        EXPECT_EQ(reason(body), "a comma, colon, bracket or value is missing or out of place")
            << body;
    for (const char* body : {"1 2", "{} {}", "[]]", "\"a\" x"})
        EXPECT_EQ(reason(body), "something stands after its end") << body;
    EXPECT_EQ(reason("[1,]"), "a comma, colon, bracket or value is missing or out of place");
    EXPECT_EQ(reason("[01]"), "a number is not written as JSON writes it");
    EXPECT_EQ(reason("[nul]"), "a value is none of true, false and null");
    EXPECT_EQ(reason("[tru]"), "a value is none of true, false and null");
    EXPECT_EQ(reason("[\"\\x\"]"), "a string holds an escape that JSON does not know");
    EXPECT_EQ(reason("[\"\n\"]"), "a string holds a control character; write it as \\u00XX");
    EXPECT_EQ(reason("[\"a]"), "a string is not closed");
    EXPECT_EQ(reason("[\"\xff\"]"), "it is not valid UTF-8");
}

}  // namespace
}  // namespace footfall
