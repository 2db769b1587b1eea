#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "database/duckdb_database.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/duckdb_folder.h"

namespace footfall {
namespace {

using Rows = std::vector<std::vector<Value>>;

// What is stored as a number and read as a text.
class DuckDbLayoutTest : public testing::Test {
  protected:
    void SetUp() override { open(); }
    void open() {
        database_.reset();
        auto opened = folder_.open();
        ASSERT_TRUE(opened) << opened.error().what;
        database_ = std::move(*opened);
    }
    void store(const EventBatch& batch) {
        const auto done = database_->commit(commitOf(database_->applied()->last, {&batch}));
        ASSERT_TRUE(done) << done.error().what;
    }
    Rows rows(const std::string& sql) {
        auto result = database_->query({.sql = sql, .shadows = {}});
        EXPECT_TRUE(result) << result.error().what;
        return result ? result->rows : Rows();
    }
    // Behind the database's back, which is closed then.
    void change(const char* sql) {
        database_.reset();
        DuckDbInstance file(folder_.options());
        ASSERT_TRUE(file.open());
        const auto connection = file.connect();
        ASSERT_TRUE(connection);
        ASSERT_EQ(duckdb_query(connection->get(), sql, nullptr), DuckDBSuccess);
    }

    DuckDbFolder folder_;
    std::unique_ptr<DuckDbDatabase> database_;
};

// One event a text, which is the value of all these fields.
EventBatch eventsWith(const std::vector<TextField>& fields, const std::vector<std::string>& texts) {
    std::vector<EventView> events;
    for (const std::string& text : texts) {
        events.push_back(testEvent(testId(events.size() + 1)));
        for (const TextField field : fields) events.back().text(field) = text;
    }
    return batchOf(events);
}

TEST_F(DuckDbLayoutTest, givesBackIdsOfEveryForm) {
    const std::vector<std::string> packed = {"0190f7c2-89ab-7cde-8f01-23456789abcd",
                                             "ffffffff-ffff-ffff-bfff-ffffffffffff",
                                             "00000000-0000-0000-8000-000000000000",
                                             "A",
                                             "AAAAAAAAAAAAAAAA",
                                             "________-_----------",
                                             "ABCDEFGHIJKLMNOPQRST",
                                             "UVWXYZabcdefghijklmn",
                                             "opqrstuvwxyz01234567",
                                             "89-_",
                                             "s-0123456789ab",
                                             "000000000000",
                                             "sess_fedcba9876543210",
                                             "~ (.)\"0123456789abcde",
                                             "fedcba9876543210fedcba987654",
                                             "a-507f1f77bcf86cd799439011"};
    const std::vector<std::string> not_packed = {"0190f7c2-89ab-7cde-0f01-23456789abcd",
                                                 "0190F7C2-89AB-7CDE-8F01-23456789ABCD",
                                                 "ABCDEFGHIJKLMNOPQRSTU",
                                                 "o 1",
                                                 "+/=",
                                                 "é0123456789ab",
                                                 "session-0123456789abcdef",
                                                 "abc507f1f77bcf86cd799439011f0",
                                                 "बेंगलुरु"};
    std::vector<std::string> ids = packed;
    ids.insert(ids.end(), not_packed.begin(), not_packed.end());

    store(eventsWith({TextField::kSessionId, TextField::kOrderId}, ids));

    Rows expected;
    for (const std::string& id : ids) expected.push_back({id, id});
    EXPECT_EQ(rows("SELECT session_id, order_id FROM events ORDER BY sequence"), expected);
    EXPECT_EQ(rows("SELECT count(session_id), count(order_id) FROM stored_events"),
              (Rows{{static_cast<std::int64_t>(packed.size()),
                     static_cast<std::int64_t>(packed.size())}}));
    std::vector<std::string> told;
    ASSERT_TRUE(database_->scanRows({0}, [&](const StoredRows& piece) {
        told.insert(told.end(), piece.order_ids.begin(), piece.order_ids.end());
    }));
    EXPECT_EQ(told, ids);
}

TEST_F(DuckDbLayoutTest, keepsPropertiesThatComeAgainInOnePlace) {
    const std::string often = R"({"page":"/p/1"})";
    std::vector<std::string> properties;
    for (int i = 0; i < 3'000; ++i)
        properties.push_back(i % 3 == 0 ? fmt::format(R"({{"n":{}}})", i) : often);

    store(eventsWith({TextField::kProperties}, properties));
    open();
    store(eventsWith({TextField::kProperties}, {often, "{}"}));

    properties.push_back(often);
    properties.push_back("{}");
    Rows expected;
    for (const std::string& text : properties) expected.push_back({text});
    EXPECT_EQ(rows("SELECT properties FROM events ORDER BY sequence"), expected);
    EXPECT_EQ(rows("SELECT name FROM properties"), (Rows{{often}}));
    EXPECT_EQ(rows("SELECT count(properties) FROM stored_events"), (Rows{{std::int64_t{2'000}}}));
}

TEST_F(DuckDbLayoutTest, refusesTablesOfAnotherVersion) {
    for (const char* sql : {"UPDATE schema_version SET version = 1", "DROP TABLE schema_version"}) {
        change(sql);
        for (const bool read_only : {false, true}) {
            DuckDbOptions options = folder_.options();
            options.read_only = read_only;

            const auto opened = DuckDbDatabase::open(options, folder_.clock);

            ASSERT_FALSE(opened);
            EXPECT_EQ(opened.error().code, Code::kInvalidArgument);
            EXPECT_NE(opened.error().what.find("another version of Footfall"), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace footfall
