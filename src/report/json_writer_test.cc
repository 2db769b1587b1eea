#include "report/json_writer.h"

#include <limits>
#include <optional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

TEST(JsonWriter, writesObjectsAndArraysWithinOneAnother) {
    JsonWriter out;
    out.beginObject();
    out.member("city", "Pune");
    out.name("steps");
    out.beginArray();
    out.value(1);
    out.beginObject();
    out.end();
    out.beginArray();
    out.end();
    out.null();
    out.end();
    out.member("rank", std::optional<int>());
    out.member("users", std::optional<int>(7));
    out.end();

    EXPECT_EQ(out.take(), R"({"city":"Pune","steps":[1,{},[],null],"rank":null,"users":7})");
}

TEST(JsonWriter, escapesTextsAndNames) {
    JsonWriter out;
    out.beginObject();
    out.member("a\"b", "</script>\n\u00fc");
    out.end();

    EXPECT_EQ(nlohmann::json::parse(out.take()), nlohmann::json({{"a\"b", "</script>\n\u00fc"}}));
}

TEST(JsonWriter, writesNumbersAsTheDocumentsOfOtherReportsDo) {
    for (const double number :
         {0.0, 12.0, -3.5, 0.1, 1e-7, 0.0001, 123456.0, 1e14, 1e300, 100.0 / 3, 5e-324}) {
        JsonWriter out;
        out.value(number);
        EXPECT_EQ(out.take(), nlohmann::json(number).dump());
    }
}

TEST(JsonWriter, writesNullForWhatIsNoNumber) {
    JsonWriter out;
    out.beginArray();
    out.value(std::numeric_limits<double>::quiet_NaN());
    out.value(std::numeric_limits<double>::infinity());
    out.end();

    EXPECT_EQ(out.take(), "[null,null]");
}

}  // namespace
}  // namespace footfall
