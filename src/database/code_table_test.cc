#include "database/code_table.h"

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/random.h"

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

TEST(CodeTable, givesARepeatedTextACodeWhenItComesAgain) {
    CodeTable table;

    EXPECT_EQ(table.codeOfRepeated("{}", 10), 0);
    EXPECT_EQ(table.codeOfRepeated("[]", 10), 0);
    EXPECT_EQ(table.codeOfRepeated("{}", 10), 1);
    EXPECT_EQ(table.codeOfRepeated("{}", 10), 1);
    EXPECT_EQ(table.codeOfRepeated("[]", 10), 2);
    EXPECT_EQ(table.added().size(), 2);
}

TEST(CodeTable, hasRoomForSoManyRepeatedTextsAndNoMore) {
    CodeTable table;
    for (const char* text : {"a", "a", "b", "b", "c", "c", "c"}) table.codeOfRepeated(text, 2);

    EXPECT_EQ(table.size(), 2);
    EXPECT_EQ(table.codeOfRepeated("b", 2), 2);
    EXPECT_EQ(table.codeOfRepeated("c", 2), 0);
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
    table.restore(std::vector<CodeTable::Entry>{{7, false, "Delhi"}, {3, false, "Pune"}});

    EXPECT_EQ(table.codeOf("Pune"), 3);
    EXPECT_EQ(table.codeOf("Agra"), 8);
    ASSERT_EQ(table.added().size(), 1);
    EXPECT_EQ(table.added()[0].text, "Agra");
}

TEST(CodeTable, givesATextThatIsAskedForTwiceAtOnceOneCode) {
    CodeTable table;
    const std::vector<std::string_view> texts = {"Pune", "Delhi", "Pune"};
    std::vector<std::uint32_t> codes(3);

    table.codesOf(texts, false, codes);

    EXPECT_EQ(codes, (std::vector<std::uint32_t>{1, 2, 1}));
    EXPECT_EQ(table.added().size(), 2);
}

// Rounds that are confirmed or discarded by chance, some so large that everything grows in them.
TEST(CodeTable, equalsAMapThroughGrowthAndFailedTransactions) {
    Random random(3);
    CodeTable table;
    std::map<std::string, std::uint32_t> confirmed;
    for (int round = 0; round < 60; ++round) {
        std::map<std::string, std::uint32_t> model = confirmed;
        std::vector<std::string> texts(random.below(6'000));
        for (std::string& text : texts) text = fmt::format("text {}", random.below(100'000));
        const std::vector<std::string_view> views(texts.begin(), texts.end());
        std::vector<std::uint32_t> codes(texts.size());

        table.codesOf(views, false, codes);

        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto next = static_cast<std::uint32_t>(model.size() + 1);
            ASSERT_EQ(codes[i], model.try_emplace(texts[i], next).first->second);
        }
        ASSERT_EQ(table.added().size(), model.size() - confirmed.size());
        if (random.below(3) == 0) {
            table.discard();
        } else {
            table.confirm();
            confirmed = std::move(model);
        }
        ASSERT_EQ(table.size(), confirmed.size());
    }
    EXPECT_GT(confirmed.size(), 50'000);
}

TEST(CodeTable, findsEveryTextThatWasRestored) {
    constexpr std::uint32_t kTexts = 100'000;
    std::vector<std::string> texts;
    std::vector<CodeTable::Entry> entries;
    for (std::uint32_t i = 0; i < kTexts; ++i) texts.push_back(fmt::format("text {}", i / 2));
    for (std::uint32_t i = 0; i < kTexts; ++i) entries.push_back({i + 1, i % 2 == 1, texts[i]});
    CodeTable table;

    table.restore(entries);

    for (const CodeTable::Entry& entry : entries)
        ASSERT_EQ(table.codeOf(entry.text, entry.anonymous), entry.code);
    EXPECT_TRUE(table.added().empty());
    EXPECT_EQ(table.codeOf("another"), kTexts + 1);
}

}  // namespace
}  // namespace footfall
