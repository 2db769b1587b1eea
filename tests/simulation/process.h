#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "in_memory_queue/durable_queue.h"
#include "in_memory_queue/journal.h"
#include "queue_consumer/queue_consumer.h"
#include "tests/fakes/failing_database.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_files.h"
#include "tests/simulation/tally.h"
#include "webhook/webhook.h"

namespace footfall {

// What outlives a process: the disk, the database and the time.
struct Machine {
    MemoryFiles disk;
    FailingDatabase database;
    FakeClock clock;
};

// Bounds so small that a short run meets them all.
struct ProcessOptions {
    std::uint64_t random_seed = 0;
    std::uint64_t segment_bytes = 4096;
    std::uint64_t segments_max = 4;
    std::size_t queue_events_max = 60;
    std::size_t waiting_bytes_max = 64 << 20;
    std::size_t generation_ids = 20;
    std::size_t commit_rows = 40;
};

constexpr const char* kDeadLettersPath = "dead_letters.jsonl";

// Process: everything that `footfall serve` wires, but for sockets and threads: whoever owns it
// takes the steps that the threads would take. To destroy it is to kill it.
// Threads: one.   Lifetime: the machine and the tally outlive it.
class Process {
  public:
    Process(Machine& machine, ProcessOptions options, Tally& tally);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    // As Server::start; kFatal when events are missing or the journal is found damaged. After an
    // error it is only to be destroyed.
    [[nodiscard]] Result<void> start();

    void post(std::string body, HttpServer::Respond respond);
    // Steps of the journal's leader, the consumer and the archive of ids.
    void syncGroup() { journal_->commitGroup(); }
    void consume();
    void archiveIds() { std::ignore = deduplicator_.step(); }
    bool started() const { return webhook_ != nullptr; }
    // The journal's disk failed, and the process has to end.
    bool failed() const { return failed_; }

    // As Server::stop: nothing new comes in, and what was taken becomes durable.
    void close();
    // Everything that was taken is stored.
    bool atRest() const;
    std::optional<SteadyTime> retryAt() const { return consumer_->retryAt(); }

  private:
    [[nodiscard]] Result<void> openJournal(SequenceNumber applied);
    std::uint64_t counted(const char* name);

    const ProcessOptions options_;
    Machine& machine_;
    Tally& tally_;
    Metrics metrics_;
    DeadLetters dead_letters_;
    Deduplicator deduplicator_;
    EventQueue queue_;
    bool failed_ = false;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<DurableQueue> door_;
    std::unique_ptr<QueueConsumer> consumer_;
    std::unique_ptr<Webhook> webhook_;
    Router router_;
};

}  // namespace footfall
