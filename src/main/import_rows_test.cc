#include "main/import_rows.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/text_source.h"

namespace footfall {
namespace {

using Json = nlohmann::json;

Result<std::vector<ImportRow>> read(std::string_view text, const ImportRowOptions& options = {}) {
    TextSource source(text);
    auto rows = openImportRows(source, options);
    if (!rows) return std::unexpected(rows.error());
    std::vector<ImportRow> all;
    ImportRow row;
    while (true) {
        const auto found = (*rows)->next(row);
        if (!found) return std::unexpected(found.error());
        if (!*found) return all;
        all.push_back(row);
    }
}

Json withoutId(const ImportRow& row) {
    Json json = Json::parse(row.json);
    EXPECT_TRUE(json["event_id"].get<std::string>().starts_with("import:"));
    json.erase("event_id");
    return json;
}

constexpr auto kJsonLines = ImportRowOptions::Format::kJsonLines;

TEST(ImportRows, readsMappedAndOtherColumnsAndLeavesOutEmptyCells) {
    const auto rows = read(
        "user,event,channel,quantity,note\n"
        "u1,home,email,2,\n"
        "u2,\"a \"\"b\"\"\",,x,ok\n",
        {.columns = {{"user_id", "user"}, {"city", "channel"}}});

    ASSERT_TRUE(rows.has_value()) << rows.error().what;
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ(withoutId((*rows)[0]),
              (Json{{"user_id", "u1"}, {"event", "home"}, {"city", "email"}, {"quantity", 2}}));
    EXPECT_EQ(withoutId((*rows)[1]),
              (Json{{"user_id", "u2"}, {"event", "a \"b\""}, {"quantity", "x"}, {"note", "ok"}}));
    EXPECT_EQ((*rows)[1].line, 3u);
}

TEST(ImportRows, givesTheSameRowTheSameIdWhateverTheOrderOfRowsAndColumns) {
    const auto one = read("a,b\n1,2\n3,4\n").value();
    const auto other = read("b,a\n4,3\n2,1\n2,1\n").value();

    EXPECT_EQ(one[0].json, other[1].json);
    EXPECT_EQ(one[1].json, other[0].json);
    EXPECT_EQ(other[1].json, other[2].json);
    EXPECT_NE(one[0].json, one[1].json);
}

TEST(ImportRows, keepsIdenticalRowsApartWhenAsked) {
    const auto rows = read("a\n1\n1\n", {.keep_identical = true}).value();
    const auto again = read("a\n1\n1\n", {.keep_identical = true}).value();

    EXPECT_NE(rows[0].json, rows[1].json);
    EXPECT_EQ(rows[0].json, again[0].json);
    EXPECT_EQ(rows[1].json, again[1].json);
}

TEST(ImportRows, keepsAnIdThatIsThere) {
    EXPECT_EQ(read("event_id,event\ne1,home\n").value()[0].json,
              R"({"event":"home","event_id":"e1"})");
    EXPECT_EQ(read(R"({"event_id":"e1","amount":999999999999.1234})", {.format = kJsonLines})
                  .value()[0]
                  .json,
              R"({"event_id":"e1","amount":999999999999.1234})");
}

TEST(ImportRows, renamesMappedFieldsOfJsonLines) {
    const auto rows = read(
        "{\"user\":\"u1\",\"user_id\":9,\"p\":{\"x\":[1, 2]}}\n\n"
        "{\"user\":\"u2\",\"event_id\":null}\r\n",
        {.format = kJsonLines, .columns = {{"user_id", "user"}}});

    ASSERT_TRUE(rows.has_value()) << rows.error().what;
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ(withoutId((*rows)[0]), (Json{{"user_id", "u1"}, {"p", {{"x", {1, 2}}}}}));
    EXPECT_EQ((*rows)[1].line, 3u);
}

TEST(ImportRows, leavesLinesThatAreNoObjectToTheWebhook) {
    for (const std::string line : {"[1]", "{\"a\":", "{\"a\":1}x", "nonsense"})
        EXPECT_EQ(read(line, {.format = kJsonLines}).value()[0].json, line);
}

TEST(ImportRows, saysWhatIsWrongAndWhere) {
    EXPECT_EQ(read("a,b\n1\n").error().what, "line 2: 1 fields, but the header has 2");
    EXPECT_EQ(read("a\n\"x\n\xff\"\n").error().what,
              "line 2: column a is not UTF-8; convert the file first");
    EXPECT_EQ(read("a,b\n", {.columns = {{"user_id", "user"}}}).error().what,
              "--map user_id=user: the file has no column user; it has a, b");
    EXPECT_EQ(read("").error().code, Code::kMalformed);
    EXPECT_EQ(parseColumnMap({"user_id"}).error().code, Code::kInvalidArgument);
    EXPECT_EQ(parseColumnMap({"a=b", "a=c"}).error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace footfall
