#include "support/config.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(Config, readsSectionsKeysAndValuesAsText) {
    const auto entries = parseConfig(
        "log-level = 'warn'\n"
        "[serve]\n"
        "port = 9000\n"
        "data_dir = '/srv/shop'\n"
        "[drive]\n"
        "duplicates = 0.25\n"
        "journey = ['a.toml', 'b.toml']\n"
        "keep = true\n"
        "from = 2026-03-01\n",
        "footfall.toml");

    ASSERT_TRUE(entries.has_value()) << entries.error().what;
    ASSERT_EQ(entries->size(), 7u);
    EXPECT_EQ((*entries)[0].section, "");
    EXPECT_EQ((*entries)[0].values, std::vector<std::string>{"warn"});
    EXPECT_EQ((*entries)[1].section, "serve");
    EXPECT_EQ((*entries)[1].key, "port");
    EXPECT_EQ((*entries)[1].values, std::vector<std::string>{"9000"});
    EXPECT_EQ((*entries)[1].line, 3);
    EXPECT_EQ((*entries)[2].key, "data-dir");
    EXPECT_EQ((*entries)[3].values, std::vector<std::string>{"0.25"});
    EXPECT_EQ((*entries)[4].values, (std::vector<std::string>{"a.toml", "b.toml"}));
    EXPECT_EQ((*entries)[5].values, std::vector<std::string>{"true"});
    EXPECT_EQ((*entries)[6].values, std::vector<std::string>{"2026-03-01"});
}

TEST(Config, namesFileAndLineOfBrokenToml) {
    const auto entries = parseConfig("[serve]\nport = \n", "my.toml");

    ASSERT_FALSE(entries.has_value());
    EXPECT_EQ(entries.error().code, Code::kMalformed);
    EXPECT_TRUE(entries.error().what.starts_with("my.toml:2: ")) << entries.error().what;
}

TEST(Config, refusesATableWithinASection) {
    const auto entries = parseConfig("[serve.http]\nport = 1\n", "my.toml");

    ASSERT_FALSE(entries.has_value());
    EXPECT_EQ(entries.error().what, "my.toml:1: http must be a value or a list of values");
}

}  // namespace
}  // namespace footfall
