// Seeded lives of the pipeline under everything that can go wrong: each accepted event is stored
// once, the first of its id, or is a dead letter, and the counters say so.
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "support/random.h"
#include "tests/fakes/pipeline.h"

namespace footfall {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// What must come out, from what went in alone.
struct Model {
    std::map<EventId, std::uint32_t> first_payload;  // of the events that can be stored
    std::set<EventId> poison;
    std::uint64_t accepted = 0;
    std::uint64_t conflicts = 0;
    std::uint64_t rejected = 0;

    void accept(const std::vector<EventView>& events, std::uint32_t rejected_beside) {
        accepted += events.size();
        rejected += rejected_beside;
        for (const EventView& event : events) {
            if (event.text(TextField::kEventType) == "poison") {
                poison.insert(event.id);
            } else if (first_payload.emplace(event.id, event.payload_hash).first->second !=
                       event.payload_hash) {
                ++conflicts;
            }
        }
    }
};

class World {
  public:
    explicit World(std::uint64_t seed) : random_(seed), seed_(seed) {}

    // One life of a process. It ends in order, or by a loss of power that keeps of the journal's
    // disk what was synced and anything of the rest.
    void liveOnce(bool ends_in_order) {
        ends_in_order_ = ends_in_order;
        {
            Pipeline life(database_, disk_,
                          {.queue = {.events_max = 60},
                           .consumer = {.commit_rows = 40, .checkpoint_every = milliseconds(500)},
                           .deduplicator = {.generation_ids = 1 + seed_ % 50},
                           .random_seed = seed_,
                           .journal_disk = &journal_disk_});
            for (int step = 0; step < 150; ++step) act(life);
            if (ends_in_order) endInOrder(life);
        }
        if (!ends_in_order) journal_disk_.losePower(random_);
    }

    static void endInOrder(Pipeline& life) {
        life.close();
        for (int commits = 0; commits == 0 || (commits < 100 && !life.consumer.finished());
             ++commits)
            life.drainThroughRetries();
        ASSERT_TRUE(life.consumer.finished());
        ASSERT_EQ(life.inFlight(), 0u);
    }

    void expectExactlyOnce() {
        std::map<EventId, std::uint32_t> stored;
        for (const auto& commit : database_.commits())
            for (const StoredId& row : commit.rows)
                ASSERT_TRUE(stored.emplace(row.id, row.payload_hash).second) << "stored twice";
        EXPECT_TRUE(stored == model_.first_payload)
            << stored.size() << " events are stored, not " << model_.first_payload.size();

        const EventCounters totals = database_.applied()->totals;
        EXPECT_EQ(totals.stored, stored.size());
        EXPECT_EQ(totals.stored + totals.duplicates + totals.dead_lettered, model_.accepted);
        EXPECT_EQ(totals.conflicts, model_.conflicts);
        EXPECT_EQ(totals.rejected, model_.rejected);
        EXPECT_GE(totals.dead_lettered, model_.poison.size());
        EXPECT_EQ(database_.applied()->last.value, model_.accepted);
    }

  private:
    void act(Pipeline& life) {
        switch (random_.below(13)) {
            case 0:
                return database_.failCommits(1 + random_.below(4), Code::kUnavailable);
            case 1:
                return database_.failCommits(1, Code::kFatal);
            case 2:
                return database_.leaveNextCommitUnknown(
                    random_.chance(0.5) ? FailingDatabase::Unknown::kHappened
                                        : FailingDatabase::Unknown::kDidNotHappen);
            case 3:
                return database_.failReopens(random_.below(3));
            case 4:
                return random_.chance(0.5) ? disk_.failSyncs(1) : disk_.failAppends(1);
            case 5:
                return reject(life);
            case 6:
            case 7:
                return life.clock.advance(milliseconds(random_.below(200)));
            case 8:
            case 9:
                life.consumer.drainOnce(microseconds(0));
                return;
            case 10:
                std::ignore = life.deduplicator.step();
                return;
            default:
                return submit(life);
        }
    }
    void reject(Pipeline& life) {
        // Of requests without any valid event; a crash may forget how many there were.
        const std::uint64_t count = ends_in_order_ ? random_.below(5) : 0;
        life.door.addRejected(count);
        model_.rejected += count;
    }
    void submit(Pipeline& life) {
        std::vector<EventView> events;
        const std::uint64_t count = 1 + random_.below(20);
        while (events.size() < count) {
            const std::uint64_t number = random_.below(400);
            const bool poison = number % 40 == 0;
            const bool changed = !poison && random_.chance(0.1);
            events.push_back(
                testEvent(testId(number), poison ? "poison" : "access_app", changed ? 1 : 0));
        }
        EventBatch batch = batchOf(events);
        const auto rejected = static_cast<std::uint32_t>(random_.below(3));
        batch.rejected_count = rejected;
        life.door.submit(std::move(batch), [this, events, rejected](Result<void> outcome) {
            if (outcome) model_.accept(events, rejected);
        });
        if (random_.chance(0.7)) life.journal->commitGroup();
    }

    Random random_;
    const std::uint64_t seed_;
    FailingDatabase database_;
    MemoryFiles disk_;
    MemoryFiles journal_disk_;  // of its own: one whose sync fails ends the process
    Model model_;
    bool ends_in_order_ = true;
};

TEST(ExactlyOnce, holdsOverFailuresAndRestarts) {
    const auto level = spdlog::get_level();
    spdlog::set_level(spdlog::level::off);  // thousands of failures on purpose
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        World world(seed);
        for (int life = 0; life < 3; ++life) world.liveOnce(seed % 3 == 0 || life == 2);
        world.expectExactlyOnce();
        if (HasFailure()) break;
    }
    spdlog::set_level(level);
}

}  // namespace
}  // namespace footfall
