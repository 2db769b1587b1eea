#include "dashboard/result_table.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

const QueryResult kResult = {
    .columns = {"city", "users", "revenue", "at"},
    .rows = {{std::string("Pune, \"west\""), std::int64_t{12}, Decimal{15'000},
              utcFromMicros(1'500'000)},
             {std::string("a|b\n"), Value(), Value(), Value()}},
};

TEST(ResultTable, rendersJsonWithExactValues) {
    EXPECT_EQ(renderResult(kResult, ReportFormat::kJson),
              R"({"columns":["city","users","revenue","at"],"rows":[)"
              R"(["Pune, \"west\"",12,"1.5000","1970-01-01T00:00:01.5Z"],)"
              R"(["a|b\n",null,null,null]],"truncated":false})"
              "\n");
}

TEST(ResultTable, rendersCsvWithQuotesWhereTheyAreNeeded) {
    EXPECT_EQ(renderResult(kResult, ReportFormat::kCsv),
              "city,users,revenue,at\n"
              "\"Pune, \"\"west\"\"\",12,1.5000,1970-01-01T00:00:01.5Z\n"
              "\"a|b\n\",,,\n");
}

TEST(ResultTable, alignsTheTable) {
    QueryResult result = kResult;
    result.truncated = true;

    EXPECT_EQ(renderResult(result, ReportFormat::kTable),
              "city          users  revenue  at\n"
              "------------  -----  -------  ----------------------\n"
              "Pune, \"west\"     12   1.5000  1970-01-01T00:00:01.5Z\n"
              "a|b\\x0a\n"
              "... the first 2 rows\n");
}

TEST(ResultTable, escapesBarsInMarkdown) {
    const QueryResult result = {.columns = {"n", "t"},
                                .rows = {{std::int64_t{1}, std::string("a|b")}}};

    EXPECT_EQ(renderResult(result, ReportFormat::kMarkdown),
              "|   n | t    |\n"
              "| --: | ---- |\n"
              "|   1 | a\\|b |\n");
}

}  // namespace
}  // namespace footfall
