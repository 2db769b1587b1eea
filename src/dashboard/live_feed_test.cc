#include "dashboard/live_feed.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/batches.h"
#include "tests/fakes/duckdb_folder.h"

namespace footfall {
namespace {

using nlohmann::json;

class LiveFeedTest : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = folder_.open();
        ASSERT_TRUE(opened) << opened.error().what;
        database_ = std::move(*opened);
    }
    LiveFeed feed(std::size_t streams_max = 64) {
        return {{.audit = [this] { return audit_; },
                 .journey = defaultJourney(),
                 .streams_max = streams_max},
                *database_,
                folder_.clock};
    }
    // As the pipeline does it: accepted first, stored later.
    void accept(std::size_t count) { audit_->last_accepted = audit_->last_accepted + count; }
    void store(const EventBatch& batch) {
        ASSERT_TRUE(database_->commit(commitOf(audit_->applied.last, {&batch})));
        audit_->applied.last = audit_->applied.last + batch.size();
        audit_->applied.totals.stored += batch.size();
    }
    // The data of the message that waits in the stream; null when none does.
    static json messageIn(HttpStream& stream) {
        const HttpStream::Piece piece = stream.take();
        if (!piece) return nullptr;
        EXPECT_TRUE(piece->starts_with("data: ")) << *piece;
        EXPECT_TRUE(piece->ends_with("\n\n")) << *piece;
        return json::parse(piece->substr(6));
    }
    json tellAndRead(LiveFeed& live, HttpStream& stream) {
        EXPECT_TRUE(live.tellOnce());
        return messageIn(stream);
    }

    DuckDbFolder folder_;
    std::unique_ptr<DuckDbDatabase> database_;
    Result<Audit> audit_ = Audit{};
};

TEST_F(LiveFeedTest, tellsTheRatesSinceTheMessageBefore) {
    LiveFeed live = feed();
    const auto stream = live.join();
    const json first = tellAndRead(live, *stream);
    accept(30);
    store(batchOf(1, 10));
    folder_.clock.advance(std::chrono::seconds(2));

    const json second = tellAndRead(live, *stream);

    EXPECT_TRUE(first["accepted_per_second"].is_null());
    EXPECT_EQ(second["accepted_per_second"], 15.0);
    EXPECT_EQ(second["stored_per_second"], 5.0);
    EXPECT_EQ(second["audit"]["in_flight"], 20);
}

TEST_F(LiveFeedTest, showsTheLastEventsNewestFirstAndNoPersonByName) {
    LiveFeed live = feed();
    const auto stream = live.join();
    accept(32);
    store(batchOf(1, 30));
    EventView known = testEvent(testId(31), "place_order");
    known.text(TextField::kDevice) = "android";
    EventView foreign = testEvent(testId(32), "share");
    foreign.text(TextField::kUserId) = "somebody@example.com";
    store(batchOf(std::vector<EventView>{known, foreign}));

    const json events = tellAndRead(live, *stream)["events"];

    ASSERT_EQ(events.size(), 20);
    EXPECT_EQ(events[0]["event_type"], "share");
    EXPECT_TRUE(events[0]["stage"].is_null());
    EXPECT_EQ(events[0].dump().find("somebody"), std::string::npos);
    EXPECT_EQ(events[1]["stage"], "place_order");
    EXPECT_EQ(events[1]["device"], "android");
    EXPECT_EQ(events[1]["city"], "Bengaluru");
    EXPECT_EQ(events[1]["person"], events[2]["person"]);
    EXPECT_NE(events[0]["person"], events[1]["person"]);
    EXPECT_EQ(events[19]["sequence"], 13);
}

TEST_F(LiveFeedTest, saysHowFarBehindTheReportsAre) {
    LiveFeed live = feed();
    const auto stream = live.join();
    EXPECT_EQ(tellAndRead(live, *stream)["freshness_s"], 0.0);

    accept(1);
    folder_.clock.advance(std::chrono::seconds(3));
    EXPECT_EQ(tellAndRead(live, *stream)["freshness_s"], 3.0);

    // An event that came 2 s ago is stored, a later one is not.
    EventBatch batch = batchOf(1, 1);
    batch.received_at = folder_.clock.utcNow() - std::chrono::seconds(2);
    accept(1);
    store(batch);
    EXPECT_EQ(tellAndRead(live, *stream)["freshness_s"], 2.0);
}

TEST_F(LiveFeedTest, saysWhyTheDatabaseIsAwayAndKeepsTheEvents) {
    LiveFeed live = feed();
    const auto stream = live.join();
    accept(1);
    store(batchOf(1, 1));
    tellAndRead(live, *stream);
    audit_ = fail(Code::kUnavailable, "another process holds it");

    const json away = tellAndRead(live, *stream);

    EXPECT_EQ(away["unavailable"], "another process holds it");
    EXPECT_TRUE(away["audit"].is_null());
    EXPECT_TRUE(away["stored_per_second"].is_null());
    EXPECT_EQ(away["events"].size(), 1);
}

TEST_F(LiveFeedTest, takesNoMoreStreamsThanItMayAndThoseOfClientsThatWentAreFree) {
    LiveFeed live = feed(2);
    auto first = live.join();
    const auto second = live.join();
    EXPECT_EQ(live.join(), nullptr);

    first.reset();

    EXPECT_NE(live.join(), nullptr);
}

TEST_F(LiveFeedTest, givesALaterOneTheLatestMessageAtOnce) {
    LiveFeed live = feed();
    const auto stream = live.join();
    live.tellOnce();

    const auto later = live.join();

    EXPECT_FALSE(messageIn(*later).is_null());
}

TEST_F(LiveFeedTest, saysNothingWhenNobodyListens) {
    LiveFeed live = feed();
    live.join().reset();

    EXPECT_FALSE(live.tellOnce());
    EXPECT_TRUE(messageIn(*live.join()).is_null());
}

}  // namespace
}  // namespace footfall
