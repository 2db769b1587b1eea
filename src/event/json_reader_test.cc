// The JSON syntax that the parser takes, by the table after JSONTestSuite.
#include <set>

#include <gtest/gtest.h>

#include "tests/json_cases.h"
#include "tests/parsed_events.h"

namespace footfall {
namespace {

bool isMalformed(const std::string& body) {
    const ParsedEvents parsed = parseEvents(body);
    return !parsed.outcome && parsed.outcome.error().code == Code::kMalformed;
}

std::string asValue(const std::string& text) {
    return R"({"user_id":"u","event_type":"x","v":)" + text + "}";
}

TEST(JsonSyntax, takesEveryTextThatIsWellFormed) {
    int count = 0;
    for (const JsonCase& one : readJsonCases()) {
        if (!one.mustParse()) continue;
        ++count;
        EXPECT_FALSE(isMalformed(one.text)) << one.name;
        EXPECT_FALSE(isMalformed(asValue(one.text))) << one.name << " as a value";
    }
    EXPECT_EQ(count, 95);
}

TEST(JsonSyntax, refusesEveryTextThatIsNot) {
    int count = 0;
    for (const JsonCase& one : readJsonCases()) {
        if (!one.mustFail()) continue;
        ++count;
        EXPECT_TRUE(isMalformed(one.text)) << one.name;
        EXPECT_TRUE(isMalformed(asValue(one.text))) << one.name << " as a value";
    }
    EXPECT_EQ(count, 188);
}

// The texts with which a parser may do either, and what this one does.
TEST(JsonSyntax, refusesOfTheUndefinedTextsThoseThatAreNoUtf8OrTooDeep) {
    std::set<std::string> refused;
    for (const JsonCase& one : readJsonCases())
        if (one.name.starts_with("i_") && isMalformed(one.text)) refused.insert(one.name);

    EXPECT_EQ(refused,
              (std::set<std::string>{
                  "i_string_UTF-16LE_with_BOM", "i_string_UTF-8_invalid_sequence",
                  "i_string_UTF8_surrogate_U+D800", "i_string_invalid_utf-8",
                  "i_string_iso_latin_1", "i_string_lone_utf8_continuation_byte",
                  "i_string_not_in_unicode_range", "i_string_overlong_sequence_2_bytes",
                  "i_string_overlong_sequence_6_bytes", "i_string_overlong_sequence_6_bytes_null",
                  "i_string_truncated-utf-8", "i_string_utf16BE_no_BOM", "i_string_utf16LE_no_BOM",
                  "i_structure_500_nested_arrays"}));
}

}  // namespace
}  // namespace footfall
