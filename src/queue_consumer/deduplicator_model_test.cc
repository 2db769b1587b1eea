// The deduplicator against a plain map, with windows so small that everything is written, merged,
// read again and lost all the time.
#include <map>
#include <memory>
#include <optional>
#include <tuple>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "queue_consumer/deduplicator.h"
#include "support/random.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/failing_database.h"
#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

using Verdict = Deduplicator::Verdict;

struct Question {
    EventId id;
    PayloadHash payload_hash = 0;
};

// A consumer reduced to its ids: decides batches, commits some of what is new, dead-letters the
// rest, and restarts.
class World {
  public:
    World(std::uint64_t seed, DeduplicatorOptions options)
        : random_(Random::of(seed, 0)), options_(options) {
        restart();
    }

    void act() {
        const std::uint64_t act = random_.below(20);
        if (act == 0) return restart();
        if (act == 1) return crash();
        if (act == 2) return disk_.failSyncs(1);
        if (act == 3)
            return disk_.setRoom(random_.chance(0.5) ? std::optional(random_.below(30'000))
                                                     : std::nullopt);
        if (act == 4) return damage();
        if (act < 9) {
            step();
            return;
        }
        decideAndCommit(randomQuestions());
    }
    // Every id there can be, once more.
    void askForAll() {
        std::vector<Question> all;
        for (std::uint64_t number = 0; number < kIds; ++number) all.push_back({testId(number), 0});
        decideAndCommit(all);
    }
    void restart() {
        deduplicator_ = std::make_unique<Deduplicator>(options_, disk_, "ids", metrics_);
        restore();
    }
    void crash() {
        disk_.stopAfter(random_.below(12));
        for (int i = 0; i < 6; ++i) step();
        losePower();
    }
    // Turns a bit over in one of the files.
    void damage() {
        const auto names = disk_.list("ids").value();
        const std::string path = "ids/" + names[random_.below(names.size())];
        const auto file = disk_.open(path, OpenMode::kReadWrite).value();
        const std::uint64_t offset = random_.below(file->size().value());
        std::byte byte{};
        ASSERT_TRUE(file->readAt(offset, {&byte, 1}));
        byte ^= static_cast<std::byte>(1U << random_.below(8));
        std::ignore = file->writeAt(offset, {&byte, 1});
    }
    void losePower() {
        deduplicator_.reset();
        disk_.losePower(random_);
        disk_.setRoom(std::nullopt);
        restart();
    }
    bool step() { return deduplicator_->step().value_or(false); }
    void runOutOfPowerAfter(std::size_t operations) { disk_.stopAfter(operations); }
    bool outOfPower() const { return disk_.stopped(); }

    // True when every verdict is that of the model.
    void decideAndCommit(const std::vector<Question>& questions) {
        std::vector<EventId> ids;
        std::vector<PayloadHash> payload_hashes;
        for (const Question& question : questions) {
            ids.push_back(question.id);
            payload_hashes.push_back(question.payload_hash);
        }
        while (!deduplicator_->makeRoom(database_.applied()->last)) {
            if (outOfPower()) return;
            disk_.setRoom(std::nullopt);
            step();
        }
        auto verdicts = deduplicator_->decide(ids, payload_hashes);
        for (int attempt = 0; !verdicts; ++attempt) {
            if (outOfPower()) return;
            ASSERT_LT(attempt, 3);
            restore();
            verdicts = deduplicator_->decide(ids, payload_hashes);
        }
        if (random_.chance(0.3)) step();  // while the commit is under way
        commit(questions, *verdicts);
    }

    static constexpr std::uint64_t kIds = 400;

  private:
    void restore() {
        while (!deduplicator_->restore(database_)) {
            if (outOfPower()) return;
            disk_.setRoom(std::nullopt);
        }
    }
    std::vector<Question> randomQuestions() {
        std::vector<Question> questions(1 + random_.below(90));
        // The ids come in waves, so that there are old ones and new ones.
        newest_ = std::min(kIds, newest_ + random_.below(10));
        for (Question& question : questions)
            question = {.id = testId(random_.below(newest_ + 1)),
                        .payload_hash = random_.chance(0.1)};
        return questions;
    }
    void commit(const std::vector<Question>& questions, const std::vector<Verdict>& verdicts) {
        std::vector<EventView> stored;
        std::vector<EventId> refused;
        std::map<EventId, std::uint32_t> known = model_;
        for (std::size_t i = 0; i < questions.size(); ++i) {
            const auto [id, payload_hash] = questions[i];
            const auto [first, is_new] = known.emplace(id, payload_hash);
            const Verdict right = is_new                          ? Verdict::kNew
                                  : first->second == payload_hash ? Verdict::kDuplicate
                                                                  : Verdict::kConflict;
            ASSERT_EQ(verdicts[i], right) << "id " << id.low;
            if (!is_new) continue;
            if (random_.chance(0.1)) {
                refused.push_back(id);
            } else {
                stored.push_back(testEvent(id, "access_app", payload_hash));
                model_.emplace(id, payload_hash);
            }
        }
        for (const EventId id : refused) deduplicator_->forget(id);
        if (stored.empty()) return;
        const EventBatch batch = batchOf(stored);
        CommitPart part{.batch = &batch, .first = database_.applied()->last + 1, .rows = {}};
        for (std::uint32_t row = 0; row < batch.size(); ++row) part.rows.push_back(row);
        const SequenceRange range{.first = part.first,
                                  .last = database_.applied()->last + stored.size()};
        ASSERT_TRUE(database_.commit(
            {.parts = {part}, .range = range, .delta = {.stored = stored.size()}}));
    }

    Random random_;
    const DeduplicatorOptions options_;
    FailingDatabase database_;
    MemoryFiles disk_;
    Metrics metrics_;
    std::unique_ptr<Deduplicator> deduplicator_;
    std::map<EventId, std::uint32_t> model_;  // what is stored
    std::uint64_t newest_ = 0;
};

class DeduplicatorModel : public ::testing::Test {
  protected:
    void SetUp() override { spdlog::set_level(spdlog::level::off); }  // it fails on purpose
    void TearDown() override { spdlog::set_level(level_); }

  private:
    const spdlog::level::level_enum level_ = spdlog::get_level();
};

TEST_F(DeduplicatorModel, decidesAsAMapDoesOverFailuresRestartsAndCrashes) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        World world(seed, {.generation_ids = 1 + seed % 24, .generations_max = 2 + seed % 3});
        for (int i = 0; i < 300 && !HasFailure(); ++i) world.act();
        world.askForAll();
        if (HasFailure()) return;
    }
}

TEST_F(DeduplicatorModel, losesNothingWhereverThePowerGoes) {
    for (std::size_t operations = 0;; ++operations) {
        SCOPED_TRACE("after " + std::to_string(operations) + " operations");
        World world(operations, {.generation_ids = 8, .generations_max = 2});
        world.runOutOfPowerAfter(operations);
        for (std::uint64_t first = 0; first < World::kIds; first += 8) {
            std::vector<Question> questions;
            for (std::uint64_t i = 0; i < 8; ++i) questions.push_back({testId(first + i), 0});
            world.decideAndCommit(questions);
            while (world.step()) continue;
        }
        const bool survived = !world.outOfPower();
        world.losePower();
        world.askForAll();
        if (HasFailure() || survived) {
            EXPECT_GT(operations, 300u);
            return;
        }
    }
}

}  // namespace
}  // namespace footfall
