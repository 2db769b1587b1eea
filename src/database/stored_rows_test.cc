#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "database/duckdb_database.h"
#include "support/random.h"
#include "tests/fakes/duckdb_folder.h"
#include "tests/fakes/failing_database.h"
#include "tests/fakes/full_disk.h"

namespace footfall {
namespace {

// A row as texts, so that codes of different files can be compared; "" where there is none.
struct NamedRow {
    std::uint64_t sequence;
    EventId id;
    std::int64_t timestamp_us;
    std::int64_t amount;
    std::uint32_t person;
    std::uint32_t product;
    std::string event_type, city, device, channel, currency, order_id;

    auto operator<=>(const NamedRow&) const = default;
};

// Keeps what it is told, as a journey index would: names as they come, rows by number.
class Follower final : public CommitObserver {
  public:
    void committed(SequenceRange range, StoredRows&& rows) override {
        ranges.push_back(range);
        add(std::move(rows));
    }
    void add(StoredRows&& rows) {
        pieces.push_back(rows.size());
        for (const StoredRows::Name& name : rows.names) {
            const bool is_new = names.emplace(std::pair(name.field, name.code), name.text).second;
            EXPECT_TRUE(is_new) << name.text << " is told once";
        }
        for (std::size_t row = 0; row < rows.size(); ++row) keep(rows, row);
    }
    std::vector<NamedRow> sorted() const {
        std::vector<NamedRow> sorted = kept;
        std::ranges::sort(sorted);
        return sorted;
    }

    std::vector<SequenceRange> ranges;
    std::vector<std::size_t> pieces;  // rows of each
    std::map<std::pair<TextField, std::uint32_t>, std::string> names;
    std::vector<NamedRow> kept;

  private:
    void keep(const StoredRows& rows, std::size_t row) {
        const auto name = [this](TextField field, std::uint32_t code) {
            return code == 0 ? std::string() : names.at({field, code});
        };
        kept.push_back({.sequence = rows.sequences[row].value,
                        .id = rows.ids[row],
                        .timestamp_us = rows.timestamps_us[row],
                        .amount = rows.amounts_ten_thousandths[row],
                        .person = rows.persons[row],
                        .product = rows.products[row],
                        .event_type = name(TextField::kEventType, rows.event_types[row]),
                        .city = name(TextField::kCity, rows.cities[row]),
                        .device = name(TextField::kDevice, rows.devices[row]),
                        .channel = name(TextField::kChannel, rows.channels[row]),
                        .currency = name(TextField::kCurrency, rows.currencies[row]),
                        .order_id = std::string(rows.order_ids[row])});
    }
};

// `count` events, each field with a value or without, by chance.
EventBatch randomEvents(Random& random, std::size_t count) {
    EventBatchBuilder builder;
    builder.batch().received_at = utcFromMicros(1'772'323'200'000'000);
    for (std::size_t i = 0; i < count; ++i) {
        std::array<std::string, kTextFieldCount> texts;
        for (std::size_t field = 0; field < kTextFieldCount; ++field)
            if (random.below(3) != 0)
                texts[field] = fmt::format(
                    "{}{}", random.below(2) == 0 ? "packed-" : "a longer text ", random.below(50));
        EventView event{.id = {.high = random.next(), .low = random.next()},
                        .timestamp_us = static_cast<std::int64_t>(random.below(1'000'000'000)),
                        .payload_hash = static_cast<PayloadHash>(random.next()),
                        .texts = {}};
        if (random.below(2) == 0)
            event.amount_ten_thousandths = static_cast<std::int64_t>(random.below(1'000'000));
        std::ranges::copy(texts, event.texts.begin());
        if (event.text(TextField::kUserId).empty() && event.text(TextField::kAnonymousId).empty())
            event.text(TextField::kUserId) = "somebody";
        if (event.text(TextField::kEventType).empty())
            event.text(TextField::kEventType) = "access_app";
        if (event.text(TextField::kCity).empty()) event.text(TextField::kCity) = "unknown";
        builder.append(event);
    }
    return builder.take();
}

// What the database tells of everything behind `after`.
Follower scanned(Database& database, SequenceNumber after = {}) {
    Follower follower;
    const Result<SequenceNumber> last =
        database.scanRows(after, [&](StoredRows&& rows) { follower.add(std::move(rows)); });
    EXPECT_TRUE(last) << last.error().what;
    EXPECT_EQ(last.value(), database.applied()->last);
    return follower;
}

Result<void> commit(Database& database, const EventBatch& batch) {
    return database.commit(commitOf(database.applied()->last, {&batch}));
}

class StoredRowsTest : public testing::Test {
  protected:
    void SetUp() override { open(); }
    void open() {
        database_.reset();
        auto opened = folder_.open();
        ASSERT_TRUE(opened) << opened.error().what;
        database_ = std::move(*opened);
        database_->observe(&follower_);
    }
    void store(const EventBatch& batch) {
        const Result<void> done = commit(*database_, batch);
        ASSERT_TRUE(done) << done.error().what;
    }
    // The same rows and the same names, whoever tells of them.
    void expectTheFollowerKnowsAll() {
        const Follower whole = scanned(*database_);
        EXPECT_EQ(whole.names, follower_.names);
        EXPECT_EQ(whole.sorted(), follower_.sorted());
    }

    DuckDbFolder folder_;
    Random random_{7};
    Follower follower_;
    std::unique_ptr<DuckDbDatabase> database_;
};

TEST_F(StoredRowsTest, tellTheObserverWhatAScanTells) {
    for (const std::size_t count : std::vector<std::size_t>{1, 3'000, 130'000, 17})
        store(randomEvents(random_, count));

    EXPECT_EQ(follower_.ranges.size(), 4);
    EXPECT_EQ(follower_.kept.size(), 133'018);
    expectTheFollowerKnowsAll();
}

TEST_F(StoredRowsTest, haveTheTextsAndNumbersOfTheEvents) {
    EventView event{
        .id = {.high = 3, .low = 4}, .timestamp_us = 5, .amount_ten_thousandths = 6, .texts = {}};
    event.text(TextField::kUserId) = "u";
    event.text(TextField::kAnonymousId) = "a";
    event.text(TextField::kEventType) = "place_order";
    event.text(TextField::kCity) = "Pune";
    event.text(TextField::kDevice) = "ios";
    event.text(TextField::kChannel) = "paid";
    event.text(TextField::kProductId) = "p";
    event.text(TextField::kCurrency) = "INR";
    event.text(TextField::kOrderId) = "an order id of more than twelve letters";
    EventBatchBuilder builder;
    builder.append(event);

    store(builder.take());

    const NamedRow expected{.sequence = 1,
                            .id = {.high = 3, .low = 4},
                            .timestamp_us = 5,
                            .amount = 6,
                            .person = 1,  // the anonymous one is the second
                            .product = 1,
                            .event_type = "place_order",
                            .city = "Pune",
                            .device = "ios",
                            .channel = "paid",
                            .currency = "INR",
                            .order_id = "an order id of more than twelve letters"};
    EXPECT_EQ(follower_.kept, std::vector{expected});
    EXPECT_EQ(scanned(*database_).kept, std::vector{expected});
}

TEST_F(StoredRowsTest, areZeroWhereThereIsNoValue) {
    EventView event{.id = {.high = 3, .low = 4}, .timestamp_us = 5, .texts = {}};
    event.text(TextField::kAnonymousId) = "a";
    event.text(TextField::kEventType) = "access_app";
    event.text(TextField::kCity) = "unknown";
    EventBatchBuilder builder;
    builder.append(event);

    store(builder.take());

    StoredRows rows;
    ASSERT_TRUE(database_->scanRows({0}, [&](StoredRows&& piece) { rows = std::move(piece); }));
    ASSERT_EQ(rows.size(), 1);
    EXPECT_EQ(rows.persons[0], 1);
    EXPECT_EQ(rows.devices[0], 0);
    EXPECT_EQ(rows.channels[0], 0);
    EXPECT_EQ(rows.products[0], 0);
    EXPECT_EQ(rows.currencies[0], 0);
    EXPECT_EQ(rows.amounts_ten_thousandths[0], EventBatch::kNoAmount);
    EXPECT_EQ(rows.names.size(), 2);
    expectTheFollowerKnowsAll();
}

TEST_F(StoredRowsTest, ofACommitThatWasRefusedAreToldNobody) {
    store(randomEvents(random_, 100));
    EventBatch refused = randomEvents(random_, 100);
    refused.texts[static_cast<std::size_t>(TextField::kCity)].codes.assign(100, 0);

    EXPECT_EQ(commit(*database_, refused).error().code, Code::kContent);
    store(randomEvents(random_, 100));

    EXPECT_EQ(follower_.ranges.size(), 2);
    EXPECT_EQ(follower_.ranges[1].first.value, 101);
    expectTheFollowerKnowsAll();
}

TEST_F(StoredRowsTest, ofACommitThatTheDiskRefusedAreToldWhenItIsDoneAgain) {
    store(randomEvents(random_, 1'000));
    const EventBatch batch = randomEvents(random_, 4'000);
    {
        const FullDisk disk(std::filesystem::file_size(folder_.options().path + ".wal") + 1'000);
        ASSERT_FALSE(commit(*database_, batch));
    }
    EXPECT_EQ(follower_.ranges.size(), 1);
    ASSERT_TRUE(database_->reopen());

    store(batch);

    EXPECT_EQ(follower_.ranges.size(), 2);
    expectTheFollowerKnowsAll();
}

TEST_F(StoredRowsTest, goOnWithTheSameCodesAfterARestart) {
    store(randomEvents(random_, 1'000));
    ASSERT_TRUE(database_->checkpoint());
    open();

    store(randomEvents(random_, 1'000));

    expectTheFollowerKnowsAll();
}

TEST_F(StoredRowsTest, ofACommitWithoutRowsAreNoneAndItIsTold) {
    ASSERT_TRUE(database_->commit(
        {.parts = {}, .range = {.first = {1}, .last = {5}}, .delta = {.duplicates = 5}}));

    ASSERT_EQ(follower_.ranges.size(), 1);
    EXPECT_EQ(follower_.ranges[0].count(), 5);
    EXPECT_TRUE(follower_.kept.empty());
}

TEST_F(StoredRowsTest, comeInPiecesOfWhichTheFirstHasAllNames) {
    EXPECT_EQ(scanned(*database_).pieces, std::vector<std::size_t>{0});
    store(randomEvents(random_, 50'000));

    const Follower nothing = scanned(*database_, {50'000});
    const Follower some = scanned(*database_, {49'999});
    const Follower all = scanned(*database_);

    EXPECT_EQ(nothing.pieces, std::vector<std::size_t>{0});
    EXPECT_EQ(nothing.names, all.names);
    ASSERT_EQ(some.kept.size(), 1);
    EXPECT_EQ(some.kept[0].sequence, 50'000);
    EXPECT_EQ(all.kept.size(), 50'000);
    EXPECT_GT(all.pieces.size(), 1);
    EXPECT_GE(*std::max_element(all.pieces.begin(), all.pieces.end()), 8'000);
}

TEST_F(StoredRowsTest, canBeAskedForByPerson) {
    store(randomEvents(random_, 5'000));
    store(randomEvents(random_, 5'000));
    const std::vector<std::uint32_t> wanted = {1, 7, 3, 1'000'000};
    std::vector<NamedRow> expected = follower_.sorted();
    std::erase_if(expected, [&](const NamedRow& row) {
        return std::ranges::find(wanted, row.person) == wanted.end();
    });
    ASSERT_FALSE(expected.empty());

    Follower found;
    const Result<SequenceNumber> last =
        database_->rowsOfPersons(wanted, [&](StoredRows&& rows) { found.add(std::move(rows)); });
    Follower nobody;
    ASSERT_TRUE(
        database_->rowsOfPersons({}, [&](StoredRows&& rows) { nobody.add(std::move(rows)); }));

    ASSERT_TRUE(last) << last.error().what;
    EXPECT_EQ(last->value, 10'000);
    EXPECT_EQ(found.sorted(), expected);
    EXPECT_EQ(found.names, follower_.names);
    EXPECT_EQ(nobody.pieces, std::vector<std::size_t>{0});
    EXPECT_EQ(nobody.names, follower_.names);
}

TEST_F(StoredRowsTest, belongToAFileThatIsToldFromEveryOther) {
    const std::string identity = database_->identity().value();
    DuckDbFolder other;

    store(randomEvents(random_, 10));
    open();

    EXPECT_EQ(identity.size(), 36);
    EXPECT_EQ(database_->identity().value(), identity);
    EXPECT_NE(other.open().value()->identity().value(), identity);
}

// The database that other stages test with tells the same as the real one.
TEST_F(StoredRowsTest, areThoseOfTheFailingDatabaseToo) {
    FailingDatabase failing;
    Follower follower;
    failing.observe(&follower);

    for (int i = 0; i < 3; ++i) {
        const EventBatch batch = randomEvents(random_, 500);
        store(batch);
        failing.failCommits(1, Code::kUnavailable);
        ASSERT_FALSE(commit(failing, batch));
        ASSERT_TRUE(commit(failing, batch));
    }

    const auto withoutCodes = [](std::vector<NamedRow> rows) {
        for (NamedRow& row : rows) row.person = row.product = 0;
        return rows;
    };
    EXPECT_EQ(withoutCodes(follower.sorted()), withoutCodes(follower_.sorted()));
    EXPECT_EQ(scanned(failing).sorted(), follower.sorted());
    EXPECT_EQ(scanned(failing).names, follower.names);
}

}  // namespace
}  // namespace footfall
