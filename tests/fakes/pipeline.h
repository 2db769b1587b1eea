#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "in_memory_queue/journal.h"
#include "queue_consumer/queue_consumer.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/failing_database.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_files.h"

namespace footfall {

struct PipelineOptions {
    EventQueueOptions queue{};
    QueueConsumerOptions consumer{};
    DeduplicatorOptions deduplicator{};
    std::uint64_t random_seed = 1;
    std::uint64_t journal_bytes_max = 64 << 20;
};

// Pipeline: from the door to the database without a thread, on a clock that stands still: one life
// of a process. Database and disk outlive it, as they do a process.
// Threads: one.
class Pipeline {
  public:
    Pipeline(FailingDatabase& stored, MemoryFiles& disk, PipelineOptions options = {})
        : database(stored),
          queue(options.queue, metrics),
          journal(opened(Journal::open({.folder = "journal",
                                        .segment_bytes = 64 << 10,
                                        .bytes_max = options.journal_bytes_max,
                                        .random_seed = options.random_seed},
                                       disk, clock, metrics, stored.applied()->last))),
          door({.random_seed = options.random_seed}, *journal, queue, clock, clock, metrics),
          deduplicator(options.deduplicator, disk, "ids", metrics),
          dead_letters(disk, "dead_letters.jsonl"),
          consumer(seeded(options), door, database, deduplicator, dead_letters, clock, metrics),
          commit_delay_(options.consumer.commit_delay) {
        CHECK(consumer.restore().has_value(), "the test's database says where it ends");
    }

    // What nobody made durable is refused, and the door is there to hear it.
    ~Pipeline() { journal.reset(); }

    void submit(EventBatch batch) {
        door.submit(std::move(batch),
                    [this](Result<void> outcome) { outcomes.push_back(std::move(outcome)); });
        journal->commitGroup();
    }
    // As a server does: nothing new, and what was taken is stored.
    void close() {
        journal->close();
        while (journal->commitGroup() > 0) continue;
        door.close();
    }
    // Lets a commit become due and makes it. Returns the number of events decided.
    std::size_t drain() {
        const std::size_t before = consumer.drainOnce(std::chrono::microseconds(0));
        clock.advance(commit_delay_);
        return before + consumer.drainOnce(std::chrono::microseconds(0));
    }
    // Moves the time to each retry until nothing fails any more.
    void drainThroughRetries() {
        drain();
        while (const auto retry_at = consumer.retryAt()) {
            clock.advance(*retry_at - clock.steadyNow());
            consumer.drainOnce(std::chrono::microseconds(0));
        }
    }
    EventCounters totals() const { return consumer.applied().totals; }
    std::uint64_t inFlight() const {
        return door.lastAccepted().value - consumer.applied().last.value;
    }
    std::uint64_t metric(const std::string& name) const {
        const std::string text = metrics.render();
        const std::string line = "\nfootfall_" + name + " ";
        const std::size_t at = text.find(line);
        return at == std::string::npos ? 0 : std::stoull(text.substr(at + line.size()));
    }

    Metrics metrics;
    FakeClock clock;
    FailingDatabase& database;
    EventQueue queue;
    std::unique_ptr<Journal> journal;
    DurableQueue door;
    Deduplicator deduplicator;
    DeadLetters dead_letters;
    QueueConsumer consumer;
    std::vector<Result<void>> outcomes;

  private:
    static std::unique_ptr<Journal> opened(Result<std::unique_ptr<Journal>> journal) {
        CHECK(journal.has_value(), "the test's disk gives the journal");
        return std::move(*journal);
    }
    static QueueConsumerOptions seeded(const PipelineOptions& options) {
        QueueConsumerOptions consumer = options.consumer;
        consumer.committer.random_seed = options.random_seed;
        return consumer;
    }

    const std::chrono::milliseconds commit_delay_;
};

}  // namespace footfall
