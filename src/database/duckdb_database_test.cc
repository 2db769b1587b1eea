#include "database/duckdb_database.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/random.h"
#include "tests/fakes/duckdb_folder.h"

namespace footfall {
namespace {

using Rows = std::vector<std::vector<Value>>;

constexpr std::int64_t kNoon = 1'772'366'400'000'000;  // 2026-03-01T12:00:00Z

class DuckDbDatabaseTest : public testing::Test {
  protected:
    void SetUp() override { open(); }
    void open() {
        auto opened = folder_.open();
        ASSERT_TRUE(opened) << opened.error().what;
        database_ = std::move(*opened);
    }
    QueryResult rows(const std::string& sql) {
        auto result = database_->query({.sql = sql, .shadows = {}});
        EXPECT_TRUE(result) << result.error().what;
        return result ? *result : QueryResult();
    }
    Value cell(const std::string& sql) {
        const QueryResult result = rows(sql);
        return result.rows.empty() ? Value() : result.rows[0][0];
    }
    void store(const EventBatch& batch) {
        const auto applied = database_->applied();
        ASSERT_TRUE(applied);
        const auto done = database_->commit(commitOf(applied->last, {&batch}));
        ASSERT_TRUE(done) << done.error().what;
    }

    DuckDbFolder folder_;
    std::unique_ptr<DuckDbDatabase> database_;
};

// Every field has a value, with texts longer and shorter than DuckDB keeps inline.
EventView fullEvent() {
    EventView event{.id = {.high = 0xf123'4567'89ab'cdef, .low = 0x8000'0000'0000'0001},
                    .timestamp_us = kNoon + 1,
                    .amount_ten_thousandths = 12'345'678,
                    .quantity = 3,
                    .payload_hash = 0xffff,
                    .texts = {}};
    event.text(TextField::kUserId) = "0190f7c2-89ab-7cde-8f01-23456789abcd";
    event.text(TextField::kAnonymousId) = "anon";
    event.text(TextField::kEventType) = "place_order";
    event.text(TextField::kCity) = "बेंगलुरु";
    event.text(TextField::kDevice) = "android";
    event.text(TextField::kChannel) = "organic";
    event.text(TextField::kProductId) = "p-1";
    event.text(TextField::kCategory) = "👟 shoes that run far";
    event.text(TextField::kCurrency) = "INR";
    event.text(TextField::kSessionId) = "session-0000000000000000001";
    event.text(TextField::kOrderId) = "o-1";
    event.text(TextField::kProperties) = R"({"note":"a \"quoted\" tëxt"})";
    return event;
}

EventView smallEvent(std::uint64_t number) {
    EventView event{.id = {.high = 1, .low = number}, .timestamp_us = kNoon, .texts = {}};
    event.text(TextField::kUserId) = "u";
    event.text(TextField::kEventType) = "access_app";
    event.text(TextField::kCity) = "unknown";
    return event;
}

EventBatch batchOf(const std::vector<EventView>& events) {
    EventBatchBuilder builder;
    builder.batch().received_at = utcFromMicros(kNoon + 5);
    for (const EventView& event : events) builder.append(event);
    return builder.take();
}

TEST_F(DuckDbDatabaseTest, givesBackEveryFieldOfAnEventExactly) {
    const EventBatch batch = batchOf({fullEvent()});

    store(batch);

    const std::vector<Value> expected = {"f1234567-89ab-cdef-8000-000000000001",
                                         "0190f7c2-89ab-7cde-8f01-23456789abcd",
                                         "anon",
                                         "place_order",
                                         utcFromMicros(kNoon + 1),
                                         "बेंगलुरु",
                                         "session-0000000000000000001",
                                         "android",
                                         "organic",
                                         "p-1",
                                         "👟 shoes that run far",
                                         "o-1",
                                         "INR",
                                         std::int64_t{3},
                                         Decimal{12'345'678},
                                         R"({"note":"a \"quoted\" tëxt"})",
                                         utcFromMicros(kNoon + 5),
                                         std::int64_t{1}};
    EXPECT_EQ(rows("FROM events").rows, Rows{expected});
    EXPECT_EQ(cell("SELECT payload_hash FROM stored_events"), Value(std::int64_t{0xffff}));
}

TEST_F(DuckDbDatabaseTest, keepsAbsentFieldsAbsent) {
    store(batchOf({smallEvent(1)}));

    EXPECT_EQ(rows("SELECT anonymous_id, device, channel, product_id, category, currency, "
                   "session_id, order_id, quantity, amount, properties FROM events")
                  .rows,
              Rows(1, std::vector<Value>(11)));
}

// Batches begin and end anywhere in a chunk of DuckDB's, and in a word of its masks.
TEST_F(DuckDbDatabaseTest, keepsFieldsAbsentOfSomeBatchesAmongOthers) {
    constexpr std::uint64_t kBatches = 40;
    constexpr std::uint64_t kBatchEvents = 131;
    std::vector<EventBatch> batches;
    for (std::uint64_t batch = 0; batch < kBatches; ++batch) {
        std::vector<EventView> events;
        for (std::uint64_t row = 0; row < kBatchEvents; ++row) {
            EventView event = fullEvent();
            event.id = {.high = batch, .low = row};
            for (std::size_t field = 0; field < kTextFieldCount; ++field) {
                const bool required = field == static_cast<std::size_t>(TextField::kUserId) ||
                                      field == static_cast<std::size_t>(TextField::kEventType) ||
                                      field == static_cast<std::size_t>(TextField::kCity);
                if (!required && batch % 2 == 0) event.texts[field] = "";
            }
            events.push_back(event);
        }
        batches.push_back(batchOf(events));
    }
    std::vector<const EventBatch*> all;
    for (const EventBatch& batch : batches) all.push_back(&batch);

    const auto done = database_->commit(commitOf({}, all));

    ASSERT_TRUE(done) << done.error().what;
    const auto number = [](std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); };
    const Value some = number(kBatches / 2 * kBatchEvents);
    EXPECT_EQ(rows("SELECT count(*), count(anonymous_id), count(device), count(channel),"
                   " count(product_id), count(category), count(currency), count(session_id),"
                   " count(order_id), count(properties) FROM events")
                  .rows,
              (Rows{{number(kBatches * kBatchEvents), some, some, some, some, some, some, some,
                     some, some}}));
    EXPECT_EQ(cell(fmt::format("SELECT count(*) FROM events WHERE (category IS NULL)"
                               " <> ((sequence - 1) // {} % 2 = 0)",
                               kBatchEvents)),
              Value(std::int64_t{0}));
}

TEST_F(DuckDbDatabaseTest, keepsUsersAndAnonymousVisitorsOfOneNameApart) {
    EventView user = smallEvent(1);
    EventView visitor = smallEvent(2);
    visitor.text(TextField::kUserId) = "";
    visitor.text(TextField::kAnonymousId) = "u";

    store(batchOf({user, visitor}));

    EXPECT_EQ(rows("SELECT user_id, anonymous_id FROM events ORDER BY sequence").rows,
              (Rows{{"u", {}}, {{}, "u"}}));
    EXPECT_EQ(cell("SELECT count(DISTINCT person) FROM stored_events"), Value(std::int64_t{2}));
}

TEST_F(DuckDbDatabaseTest, storesOnlyTheRowsThatAreNamed) {
    const EventBatch batch = numberedEvents(0, 5'000);
    Commit commit{.parts = {{.batch = &batch, .first = {101}, .rows = {0, 2'500, 4'999}}},
                  .range = {.first = {1}, .last = {5'100}},
                  .delta = {.stored = 3, .duplicates = 4'997}};

    ASSERT_TRUE(database_->commit(commit));

    EXPECT_EQ(rows("SELECT sequence, order_id FROM events ORDER BY sequence").rows,
              (Rows{{std::int64_t{101}, "order-0"},
                    {std::int64_t{2'601}, "order-2500"},
                    {std::int64_t{5'100}, "order-4999"}}));
    EXPECT_EQ(cell("SELECT count(*) FROM cities"), Value(std::int64_t{3}));
    EXPECT_EQ(database_->applied()->last.value, 5'100);
}

TEST_F(DuckDbDatabaseTest, storesCommitsOfManyRowGroupsWhole) {
    std::vector<EventBatch> batches;
    std::vector<const EventBatch*> pointers;
    for (std::uint64_t i = 0; i < 41; ++i) batches.push_back(numberedEvents(i * 4'999, 4'999));
    for (const EventBatch& batch : batches) pointers.push_back(&batch);

    ASSERT_TRUE(database_->commit(commitOf({0}, pointers)));

    const std::int64_t count = 41 * 4'999;
    EXPECT_EQ(database_->storedRows().value(), static_cast<std::uint64_t>(count));
    EXPECT_EQ(
        rows("SELECT count(*), count(DISTINCT event_id), count(DISTINCT user_id),"
             " count(DISTINCT city), sum(amount), min(sequence), max(sequence),"
             " bool_and(order_id = 'order-' || (sequence - 1)) FROM events")
            .rows,
        (Rows{{count, count, (count + 4) / 5, std::int64_t{2'000},
               Decimal{Int128{count} * (count - 1) / 2 * 10'000}, std::int64_t{1}, count, true}}));
}

// As large as a commit becomes, in the least memory that DuckDB is ever left with.
TEST_F(DuckDbDatabaseTest, storesTheLargestCommitInTheMemoryOfAWriter) {
    database_.reset();
    DuckDbOptions options = folder_.options();
    options.memory_limit_bytes = options.resting_memory_bytes;
    database_ = DuckDbDatabase::open(options, folder_.clock).value();
    constexpr std::size_t kRows = 122'880;
    constexpr std::size_t kTextBytes = 600;
    Random random(1);
    std::string text(kTextBytes, ' ');
    EventBatchBuilder builder;
    for (std::size_t row = 0; row < kRows; ++row) {
        EventView event{.id = {.high = 7, .low = row}, .texts = {}};
        for (char& letter : text) letter = static_cast<char>('a' + random.next() % 26);
        const std::string user = text.substr(0, 128);
        event.text(TextField::kUserId) = user;
        event.text(TextField::kProperties) = text;
        event.text(TextField::kCity) = "Pune";
        event.text(TextField::kEventType) = "view_products";
        builder.append(event);
    }
    const EventBatch batch = builder.take();

    for (std::uint64_t i = 0; i < 3; ++i) {
        const auto stored = database_->commit(commitOf({i * kRows}, {&batch}));
        ASSERT_TRUE(stored) << stored.error().what;
    }

    ASSERT_TRUE(database_->checkpoint());
    EXPECT_EQ(database_->storedRows().value(), 3 * kRows);
}

TEST_F(DuckDbDatabaseTest, countsWhatWasDecidedWithoutStoringARow) {
    const EventCounters delta{.rejected = 7};

    ASSERT_TRUE(
        database_->commit({.parts = {}, .range = {.first = {1}, .last = {0}}, .delta = delta}));

    EXPECT_EQ(database_->applied()->totals, delta);
    EXPECT_EQ(database_->applied()->last.value, 0);
    EXPECT_EQ(database_->storedRows().value(), 0);
}

TEST_F(DuckDbDatabaseTest, knowsPositionCountersAndCodesAfterARestart) {
    store(numberedEvents(0, 3'000));
    const Applied before = database_->applied().value();

    database_.reset();
    open();
    const Applied after = database_->applied().value();
    store(numberedEvents(3'000, 3'000));

    EXPECT_EQ(after.last, before.last);
    EXPECT_EQ(after.totals, before.totals);
    EXPECT_EQ(cell("SELECT count(*) FROM cities"), Value(std::int64_t{2'000}));
    EXPECT_EQ(cell("SELECT count(DISTINCT id) = count(*) AND count(DISTINCT code) = count(*)"
                   " FROM identities"),
              Value(true));
    EXPECT_EQ(cell("SELECT count(*) FROM events WHERE user_id IS NOT NULL"),
              Value(std::int64_t{6'000}));
}

TEST_F(DuckDbDatabaseTest, leavesNothingOfACommitThatIsRefusedForItsContent) {
    EventView without_city = smallEvent(1);
    without_city.text(TextField::kUserId) = "only in the refused commit";
    without_city.text(TextField::kCity) = "";
    const EventBatch refused = batchOf({without_city});

    const auto outcome = database_->commit(commitOf({0}, {&refused}));
    EventView mended = without_city;
    mended.text(TextField::kCity) = "Pune";
    store(batchOf({mended}));

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::kContent) << outcome.error().what;
    EXPECT_EQ(rows("SELECT user_id, city, sequence FROM events").rows,
              (Rows{{"only in the refused commit", "Pune", std::int64_t{1}}}));
    EXPECT_EQ(cell("SELECT count(*) FROM identities"), Value(std::int64_t{1}));
    EXPECT_EQ(cell("SELECT count(*) FROM commits"), Value(std::int64_t{1}));
}

TEST_F(DuckDbDatabaseTest, findsTheIdsThatAreStored) {
    store(numberedEvents(10, 3'000));
    const std::vector<EventId> asked = {{.high = 7, .low = 9},
                                        {.high = 7, .low = 10},
                                        {.high = 7, .low = 3'009},
                                        {.high = 8, .low = 11}};

    auto found = database_->storedIds(asked);

    ASSERT_TRUE(found) << found.error().what;
    std::ranges::sort(*found, {}, &StoredId::payload_hash);
    ASSERT_EQ(found->size(), 2);
    EXPECT_EQ((*found)[0].id, asked[1]);
    EXPECT_EQ((*found)[0].payload_hash, 10);
    EXPECT_EQ((*found)[1].id, asked[2]);
}

TEST_F(DuckDbDatabaseTest, scansTheIdsBehindANumber) {
    store(numberedEvents(0, 10'000));
    std::vector<bool> seen(10'000);
    std::size_t count = 0;

    const auto done = database_->scanIds({4'000}, [&](std::span<const StoredId> piece) {
        for (const StoredId& stored : piece) seen[stored.id.low] = true;
        count += piece.size();
    });

    ASSERT_TRUE(done) << done.error().what;
    EXPECT_EQ(count, 6'000);
    EXPECT_EQ(std::ranges::count(seen, true), 6'000);
    EXPECT_FALSE(seen[3'999]);
    EXPECT_TRUE(seen[4'000]);
}

TEST_F(DuckDbDatabaseTest, keepsTheJourneysThatWereStoredLast) {
    const Journey old{.name = "old", .stages = {{.name = "a", .event_types = {"a"}}}};
    const Journey shop{.name = "shop",
                       .stages = {{.name = "look", .optional = true, .event_types = {"x", "y"}},
                                  {.name = "buy", .event_types = {"z"}}}};

    ASSERT_TRUE(database_->storeJourneys({&old, 1}));
    ASSERT_TRUE(database_->storeJourneys({&shop, 1}));

    EXPECT_EQ(
        rows("FROM journey_stages ORDER BY position").rows,
        (Rows{{"shop", std::int64_t{1}, "look", true}, {"shop", std::int64_t{2}, "buy", false}}));
    EXPECT_EQ(rows("FROM journey_event_types ORDER BY position, event_type").rows,
              (Rows{{"shop", std::int64_t{1}, "x"},
                    {"shop", std::int64_t{1}, "y"},
                    {"shop", std::int64_t{2}, "z"}}));
}

TEST_F(DuckDbDatabaseTest, isWholeAfterACheckpointAndAReopen) {
    store(numberedEvents(0, 5'000));

    ASSERT_TRUE(database_->checkpoint());
    ASSERT_TRUE(database_->reopen());
    store(numberedEvents(5'000, 5'000));

    EXPECT_EQ(database_->storedRows().value(), 10'000);
    EXPECT_EQ(database_->applied()->last.value, 10'000);
}

TEST_F(DuckDbDatabaseTest, canBeReadBesideNobodyWhenReadOnly) {
    store(numberedEvents(0, 100));
    database_.reset();
    DuckDbOptions options = folder_.options();
    options.read_only = true;

    auto opened = DuckDbDatabase::open(options, folder_.clock);

    ASSERT_TRUE(opened) << opened.error().what;
    EXPECT_EQ((*opened)->storedRows().value(), 100);
    EXPECT_EQ((*opened)->applied()->last.value, 100);
    EXPECT_EQ((*opened)->checkpoint().error().code, Code::kFatal);
}

// A plan made before a commit must not run on the rows behind it; see leaseSnapshot().
TEST_F(DuckDbDatabaseTest, showsEveryQueryWholeCommitsWhileTheyGoOn) {
    constexpr std::uint64_t kCommits = 20;
    constexpr std::int64_t kRows = 2'500;
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0;
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            while (!done) {
                const auto result = database_->query(
                    {.sql =
                         "SELECT count(*), (SELECT sum(stored)::BIGINT FROM commits) FROM events",
                     .shadows = {}});
                EXPECT_TRUE(result) << result.error().what;
                if (result && std::get<std::int64_t>(result->rows[0][0]) % kRows != 0) ++torn;
            }
        });
    {
        std::vector<std::jthread> writers;
        std::atomic<std::uint64_t> next = 0;
        Mutex order;
        for (int i = 0; i < 4; ++i)
            writers.emplace_back([&] {
                for (std::uint64_t n = next++; n < kCommits; n = next++) {
                    const EventBatch batch = numberedEvents(n * kRows, kRows);
                    const MutexLock lock(order);  // a commit follows the one before
                    const SequenceNumber after = database_->applied()->last;
                    const Result<void> stored = database_->commit(commitOf(after, {&batch}));
                    EXPECT_TRUE(stored) << stored.error().what;
                    const Result<void> saved = database_->checkpoint();
                    EXPECT_TRUE(saved) << saved.error().what;
                }
            });
    }
    done = true;
    readers.clear();

    EXPECT_EQ(torn, 0);
    EXPECT_EQ(cell("SELECT count(DISTINCT event_id) FROM events"),
              Value(static_cast<std::int64_t>(kCommits) * kRows));
}

}  // namespace
}  // namespace footfall
