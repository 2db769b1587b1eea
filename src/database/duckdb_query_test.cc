#include "database/duckdb_query.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/duckdb_folder.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;
using Rows = std::vector<std::vector<Value>>;

class DuckDbQueryTest : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = folder_.open();
        ASSERT_TRUE(opened) << opened.error().what;
        database_ = std::move(*opened);
        const EventBatch batch = numberedEvents(0, 3'000);
        ASSERT_TRUE(database_->commit(commitOf({0}, {&batch})));
    }
    Rows rows(const std::string& sql) {
        auto result = database_->query({.sql = sql, .shadows = {}});
        EXPECT_TRUE(result) << sql << ": " << result.error().what;
        return result ? result->rows : Rows();
    }
    Result<QueryResult> readOnly(const std::string& sql) {
        return database_->queryReadOnly({.sql = sql, .shadows = {}});
    }

    DuckDbFolder folder_;
    std::unique_ptr<DuckDbDatabase> database_;
};

TEST_F(DuckDbQueryTest, givesEachTypeAsTheValueThatHoldsItExactly) {
    EXPECT_EQ(rows("SELECT NULL, true, -7::TINYINT, 300::USMALLINT, 9223372036854775807,"
                   " 18446744073709551615::UBIGINT, sum(2::BIGINT), 0.5::FLOAT, 0.1::DOUBLE"),
              (Rows{{{},
                     true,
                     std::int64_t{-7},
                     std::int64_t{300},
                     INT64_MAX,
                     "18446744073709551615",
                     std::int64_t{2},
                     0.5,
                     0.1}}));
    EXPECT_EQ(rows("SELECT 12.3456::DECIMAL(6,4), sum((-0.0001)::DECIMAL(18,4)),"
                   " '1000000000000000000000000000000000'::DECIMAL(38,4), 1.50::DECIMAL(3,2)"),
              (Rows{{Decimal{123'456}, Decimal{-1},
                     Decimal{Int128{10'000'000'000'000'000'000ULL} * 1'000'000'000'000'000'000},
                     "1.50"}}));
    EXPECT_EQ(rows("SELECT TIMESTAMP '2026-03-01 12:00:00.000001', DATE '2026-03-01',"
                   " TIME '01:02:03', INTERVAL 90 MINUTE, '\\xC3x'::BLOB, 'b'::ENUM('a', 'b')"),
              (Rows{{utcFromMicros(1'772'366'400'000'001), "2026-03-01", "01:02:03", "01:30:00",
                     "\\xC3x", "b"}}));
}

TEST_F(DuckDbQueryTest, givesNestedValuesAsText) {
    EXPECT_EQ(rows("SELECT [1, NULL, 3], {'a': 1, 'b': ['x', 'y']}, []::INTEGER[]"),
              (Rows{{"[1, NULL, 3]", "{'a': 1, 'b': [x, y]}", "[]"}}));
}

TEST_F(DuckDbQueryTest, readsPropertiesAsJson) {
    EXPECT_EQ(rows(R"(SELECT '{"a":{"b":"c"}}'->'a'->>'b')"), (Rows{{"c"}}));
}

TEST_F(DuckDbQueryTest, runsEveryStatementAndGivesTheLastResult) {
    const auto result = database_->query(
        {.sql = "CREATE TEMP TABLE x AS SELECT 1 AS one; INSERT INTO x VALUES (2); SELECT sum(one) "
                "AS total FROM x;",
         .shadows = {}});

    ASSERT_TRUE(result) << result.error().what;
    EXPECT_EQ(result->columns, std::vector<std::string>{"total"});
    EXPECT_EQ(result->rows, (Rows{{std::int64_t{3}}}));
}

TEST_F(DuckDbQueryTest, cutsAResultAtRowsMaxAndSaysSo) {
    Query query{.sql = "SELECT sequence FROM events ORDER BY sequence", .shadows = {}};

    query.rows_max = 2'999;
    const auto cut = database_->query(query);
    query.rows_max = 3'000;
    const auto whole = database_->query(query);

    ASSERT_TRUE(cut && whole);
    EXPECT_EQ(cut->rows.size(), 2'999);
    EXPECT_TRUE(cut->truncated);
    EXPECT_EQ(whole->rows.size(), 3'000);
    EXPECT_FALSE(whole->truncated);
}

TEST_F(DuckDbQueryTest, shadowsStandInForStoredTablesWhileTheQueryRuns) {
    const ShadowTable parameters{
        .name = "report_parameters",
        .rows = {{"shop", utcFromMicros(5), {}, true, "Pune", {}, {}, std::int64_t{60}, "EUR"}}};

    for (const bool read_only : {false, true}) {
        const Query query{.sql = "FROM report_parameters", .shadows = {parameters}};
        const auto shadowed = read_only ? database_->queryReadOnly(query) : database_->query(query);

        ASSERT_TRUE(shadowed) << shadowed.error().what;
        EXPECT_EQ(shadowed->rows, parameters.rows);
    }
    EXPECT_EQ(rows("SELECT journey FROM report_parameters"), (Rows{{"storefront"}}));
}

TEST_F(DuckDbQueryTest, shadowsAreSeenThroughTheStoredViews) {
    const ShadowTable stages{.name = "journey_stages",
                             .rows = {{"storefront", std::int64_t{1}, "browse", false},
                                      {"storefront", std::int64_t{2}, "buy", false}}};
    const Query query{.sql = "SELECT stage, previous FROM journey_steps ORDER BY position",
                      .shadows = {stages}};

    const auto shadowed = database_->query(query);

    ASSERT_TRUE(shadowed) << shadowed.error().what;
    EXPECT_EQ(shadowed->rows, (Rows{{"browse", {}}, {"buy", std::int64_t{1}}}));
    EXPECT_EQ(rows("SELECT stage FROM journey_steps"), Rows());
}

TEST_F(DuckDbQueryTest, refusesAShadowOfAnotherShape) {
    const auto result =
        database_->query({.sql = "FROM report_parameters",
                          .shadows = {{.name = "report_parameters", .rows = {{"too", "few"}}}}});

    EXPECT_FALSE(result);
}

TEST_F(DuckDbQueryTest, endsAQueryAtItsTimeout) {
    const auto start = std::chrono::steady_clock::now();

    const auto result = database_->query(
        {.sql = "SELECT sum(hash(a.range + b.range)) FROM range(10000000) a, range(1000000) b",
         .shadows = {},
         .timeout = milliseconds(100)});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kDeadlineExceeded) << result.error().what;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST_F(DuckDbQueryTest, endsAQueryAtItsTimeoutWhileItsRowsStream) {
    const auto result = database_->query({.sql = "FROM range(1000000000000)",
                                          .shadows = {},
                                          .rows_max = SIZE_MAX,
                                          .timeout = milliseconds(100)});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kDeadlineExceeded) << result.error().what;
}

TEST_F(DuckDbQueryTest, aReopenEndsTheQueriesThatRun) {
    Result<QueryResult> result = QueryResult();
    {
        const std::jthread reader([&] {
            result = database_->query({.sql = "SELECT sum(hash(a.range + b.range)) FROM "
                                              "range(10000000) a, range(1000000) b",
                                       .shadows = {}});
        });
        std::this_thread::sleep_for(milliseconds(50));
        EXPECT_TRUE(database_->reopen());
    }

    EXPECT_FALSE(result);
    EXPECT_EQ(rows("SELECT count(*) FROM events"), (Rows{{std::int64_t{3'000}}}));
}

TEST_F(DuckDbQueryTest, saysWhatIsWrongWithTheSql) {
    for (const char* sql : {"SELEC 1", "SELECT * FROM nowhere", "SELECT CAST('x' AS INTEGER)",
                            "SELECT error('mine')", "", "SELECT ?",
                            "SELECT CASE WHEN range > 5000 THEN error('late') END FROM "
                            "range(10000)"}) {
        const auto result = database_->query({.sql = sql, .shadows = {}});

        ASSERT_FALSE(result) << sql;
        EXPECT_EQ(result.error().code, Code::kInvalidArgument) << sql;
        EXPECT_FALSE(result.error().what.empty()) << sql;
    }
}

TEST_F(DuckDbQueryTest, aUserReadsTheTablesAndTheView) {
    for (const char* sql :
         {"SELECT count(*) FROM events", "FROM stored_events LIMIT 1;", "FROM report_parameters",
          "WITH x AS (SELECT 1) FROM x -- a comment", "VALUES (1)", "FROM cities LIMIT 1",
          "SELECT unnest([1])", "FROM range(1)", "FROM generate_series(1, 1)",
          "SELECT table_name FROM information_schema.tables LIMIT 1",
          "SELECT * FROM query('SELECT 1')", "DESCRIBE events", "SHOW TABLES",
          "SELECT properties->>'a' FROM events LIMIT 1",
          "SELECT date_trunc('hour', timestamp), count(*) FROM events GROUP BY ALL LIMIT 1",
          "PIVOT events ON device IN ('android') USING count(*)",
          "SELECT 'COPY', 'enable_logging', 'read_csv'"}) {
        const auto result = readOnly(sql);

        ASSERT_TRUE(result) << sql << ": " << result.error().what;
        EXPECT_FALSE(result->rows.empty()) << sql;
    }
}

TEST_F(DuckDbQueryTest, aUserCanNeitherWriteNorLeaveTheDatabase) {
    const std::string out = folder_.path() + "/stolen";
    for (const std::string& sql : {
             std::string("INSERT INTO cities VALUES (9, 'x')"),
             std::string("WITH x AS (SELECT 1) INSERT INTO cities SELECT 9, 'x' FROM x"),
             std::string("DELETE FROM stored_events"),
             std::string("UPDATE cities SET name = 'x'"),
             std::string("DROP TABLE cities"),
             std::string("CREATE TABLE t (a INTEGER)"),
             std::string("CREATE TEMP TABLE t AS SELECT 1"),
             std::string("CREATE MACRO f() AS 1"),
             std::string("CREATE SEQUENCE s"),
             std::string("SELECT nextval('s')"),
             std::string("SELECT 1; DELETE FROM stored_events"),
             std::string("COMMIT; DELETE FROM stored_events"),
             std::string("EXPLAIN ANALYZE DELETE FROM stored_events"),
             std::string("EXPLAIN ANALYZE INSERT INTO cities VALUES (9, 'x')"),
             std::string("SELECT 1; COPY events TO '") + out + "'",
             std::string("COPY events TO '") + out + "'",
             std::string("COPY (SELECT 1) TO '") + out + "'",
             std::string("EXPORT DATABASE '") + out + "'",
             std::string("ATTACH '") + out + "'",
             std::string("SELECT * FROM read_csv('/etc/passwd')"),
             std::string("SELECT * FROM read_text('/etc/passwd')"),
             std::string("SELECT * FROM read_blob('/etc/passwd')"),
             std::string("SELECT * FROM '/etc/passwd'"),
             std::string("SELECT * FROM glob('/etc/*')"),
             std::string("SELECT * FROM sniff_csv('/etc/passwd')"),
             std::string("SELECT * FROM read_duckdb('/etc/passwd')"),
             std::string("INSTALL httpfs"),
             std::string("LOAD httpfs"),
             std::string("SET threads = 1"),
             std::string("SET memory_limit = '100GB'"),
             std::string("SET VARIABLE x = 1"),
             std::string("RESET threads"),
             std::string("PRAGMA threads = 1"),
             std::string("PRAGMA enable_profiling"),
             std::string("CALL enable_logging()"),
             std::string("SELECT * FROM enable_logging(storage = 'file', storage_config = "
                         "{'path': '") +
                 out + "'})",
             std::string("SELECT * FROM \"enable_logging\"(level = 'trace')"),
             std::string("SELECT (SELECT count(*) FROM enable_logging())"),
             std::string("WITH x AS MATERIALIZED (FROM enable_logging()) FROM x, x AS y"),
             std::string("FROM query('FROM enable_' || 'logging()')"),
             std::string("FROM enable_profiling(save_location = '") + out + "')",
             std::string("FROM checkpoint()"),
             std::string("FROM force_checkpoint()"),
             std::string("FROM truncate_duckdb_logs()"),
             std::string("FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))"),
             std::string("CHECKPOINT"),
             std::string("VACUUM"),
             std::string("BEGIN"),
             std::string("PREPARE p AS DELETE FROM stored_events"),
             std::string("EXECUTE p"),
             std::string("USE memory"),
         }) {
        const auto result = readOnly(sql);

        ASSERT_FALSE(result) << sql;
        EXPECT_EQ(result.error().code, Code::kInvalidArgument) << sql << result.error().what;
    }
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_EQ(database_->storedRows().value(), 3'000);
    EXPECT_EQ(rows("SELECT count(*) FROM cities"), (Rows{{std::int64_t{2'000}}}));
}

TEST_F(DuckDbQueryTest, ourOwnSqlCannotLeaveTheDatabaseEither) {
    const std::string out = folder_.path() + "/stolen";
    for (const std::string& sql :
         {std::string("FROM read_csv('/etc/passwd')"), "COPY cities TO '" + out + "'",
          "ATTACH '" + out + "'", std::string("SET lock_configuration = false"),
          std::string("SET enable_external_access = true")})
        EXPECT_FALSE(database_->query({.sql = sql, .shadows = {}})) << sql;

    EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(DuckDbQueryTest, groupsMoreThanItMayHoldInMemory) {
    database_.reset();
    DuckDbOptions options = folder_.options();
    options.memory_limit_bytes = 96 << 20;
    auto opened = DuckDbDatabase::open(options, folder_.clock);
    ASSERT_TRUE(opened);

    const auto result = (*opened)->query(
        {.sql = "SELECT count(*) FROM (SELECT DISTINCT repeat('x', 100) || range FROM "
                "range(1500000))",
         .shadows = {}});

    ASSERT_TRUE(result) << result.error().what;
    EXPECT_EQ(result->rows, (Rows{{std::int64_t{1'500'000}}}));
}

TEST_F(DuckDbQueryTest, saysWhatToDoWhenItMayNotHoldEnoughInMemory) {
    database_.reset();
    DuckDbOptions options = folder_.options();
    options.memory_limit_bytes = 96 << 20;
    auto opened = DuckDbDatabase::open(options, folder_.clock);
    ASSERT_TRUE(opened);

    const auto result =
        (*opened)->query({.sql = "SELECT len(list(range)) FROM range(50000000)", .shadows = {}});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kUnavailable);
    EXPECT_NE(result.error().what.find("larger --database-memory-mb"), std::string::npos)
        << result.error().what;
}

}  // namespace
}  // namespace footfall
