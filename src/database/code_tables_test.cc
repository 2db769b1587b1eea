#include "database/code_tables.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(CodeTable, givesATextTheSameCodeAgainAndAnotherTextAnother) {
    CodeTable table;

    const std::uint32_t pune = table.codeOf("Pune");
    const std::uint32_t delhi = table.codeOf("Delhi");

    EXPECT_EQ(pune, 1);
    EXPECT_EQ(delhi, 2);
    EXPECT_EQ(table.codeOf("Pune"), pune);
    EXPECT_EQ(table.added().size(), 2);
}

TEST(CodeTable, keepsNameSpacesApart) {
    CodeTable table;

    const std::uint32_t user = table.codeOf("x", false);
    const std::uint32_t visitor = table.codeOf("x", true);

    EXPECT_NE(user, visitor);
    EXPECT_EQ(table.codeOf("x", false), user);
    EXPECT_EQ(table.codeOf("x", true), visitor);
}

TEST(CodeTable, forgetsTheCodesOfAFailedTransactionAndNoOthers) {
    CodeTable table;
    table.codeOf("Pune");
    table.confirm();
    table.codeOf("Delhi");
    table.codeOf("Delhi", true);

    table.discard();

    EXPECT_EQ(table.size(), 1);
    EXPECT_TRUE(table.added().empty());
    EXPECT_EQ(table.codeOf("Pune"), 1);
    EXPECT_EQ(table.codeOf("Agra"), 2);
    EXPECT_EQ(table.codeOf("Delhi"), 3);
}

TEST(CodeTable, goesOnBehindTheHighestRestoredCode) {
    CodeTable table;
    table.restore("Delhi", false, 7);
    table.restore("Pune", false, 3);

    EXPECT_EQ(table.codeOf("Pune"), 3);
    EXPECT_EQ(table.codeOf("Agra"), 8);
    ASSERT_EQ(table.added().size(), 1);
    EXPECT_EQ(table.added()[0].text, "Agra");
}

}  // namespace
}  // namespace footfall
