#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "dashboard/api_routes.h"
#include "database/duckdb_database.h"
#include "database/memory_share.h"
#include "event/journey.h"
#include "in_memory_queue/durable_queue.h"
#include "in_memory_queue/event_queue.h"
#include "in_memory_queue/journal.h"
#include "journey_index/journey_index.h"
#include "main/data_folder.h"
#include "main/database_start.h"
#include "queue_consumer/queue_consumer.h"
#include "support/clock.h"
#include "support/http.h"
#include "support/metrics.h"
#include "support/mutex.h"
#include "support/time_text.h"
#include "webhook/webhook.h"

namespace footfall {

struct ServerOptions {
    std::string data_dir = "./footfall-data";
    HttpServerOptions http;
    TimeZone zone = TimeZone::local();
    std::string currency = "INR";
    std::vector<Journey> journeys = {defaultJourney()};
    Durability durability = Durability::kFsync;  // what a 202 promises
    std::uint64_t journal_bytes_max = JournalOptions().bytes_max;
    // What the journal keeps of events that the database has: a lost database is rebuilt from it.
    // 1 GiB is the whole history of a small shop, some 12 million events.
    std::uint64_t journal_keep_bytes = 1 << 30;
    std::chrono::days journal_keep_age{0};
    std::uint64_t journal_segment_bytes = JournalOptions().segment_bytes;
    std::size_t database_memory_bytes = databaseMemoryBytes();
    bool accept_loss = false;  // start although events are in neither journal nor database
    // Called once, on another thread, when the server can take nothing any more and is to be
    // stopped: a failed sync leaves the disk in an unknown state, and the next start finds out.
    std::function<void()> on_failure;
    EventQueueOptions queue;
    QueueConsumerOptions consumer;
    DeduplicatorOptions deduplicator;
};

// Server: everything that `footfall serve` runs, in this process: webhook, journal, queue,
// consumer, database and API on one data folder. While another process holds the database's file,
// or its disk is full, a server starts all the same: events go into the journal, and are stored
// once the file can be opened.
// Threads: start, stop and the destructor one at a time; the rest any thread.
// Blocks: stop() until what was accepted is stored, at most six seconds; what is left then is in
//   the journal, where the next start takes it from.
// Errors of start: kUnavailable (port taken, folder held by another process) | kIo (the folder
//   cannot be written) | kFatal (events are missing) | those of journal and database.
class Server {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerOptions options);
    ~Server();

    // Stops accepting, answers what was read, stores what was accepted. Does nothing twice.
    void stop();

    std::string url() const;  // "http://localhost:8888"
    std::uint16_t port() const { return http_->port(); }
    Durability durability() const { return options_.durability; }
    // Errors: kUnavailable while the database cannot be opened.
    Result<Audit> audit() const;

  private:
    Server(ServerOptions options, DataFolder folder);
    // In this order.
    [[nodiscard]] Result<void> openStores();
    [[nodiscard]] Result<void> startPipeline();

    [[nodiscard]] Result<void> openJournal(SequenceNumber applied);
    // Events between `applied` and the journal's first; `state` is that of the database, in words.
    [[nodiscard]] Result<void> checkNothingIsMissing(SequenceNumber applied,
                                                     std::string_view state) const;
    [[nodiscard]] Result<void> beginAt(const Applied& applied);
    [[nodiscard]] Result<void> beginLater(const Error& away);
    void consume(const std::stop_token& stop);
    bool isAway() const;
    void addRoutes();
    void failed(const Error& error);
    std::vector<std::string> warnings() const;
    std::string describeSource() const;

    // In reverse order of the flow, so that what is called is destroyed after its callers. But for
    // http_: what stands behind it needs its timers, so the destructor ends its threads first.
    const ServerOptions options_;
    DataFolder folder_;
    SystemClock clock_;
    PosixFileSystem files_;
    Metrics metrics_;
    std::unique_ptr<HttpServer> http_;
    DuckDbDatabase database_;
    DatabaseStart database_start_;
    DeadLetters dead_letters_;
    Deduplicator deduplicator_;
    EventQueue queue_;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<DurableQueue> door_;
    std::unique_ptr<JourneyIndex> index_;  // nullptr: the journey is too long for one
    std::unique_ptr<QueueConsumer> consumer_;
    std::unique_ptr<ApiRoutes> api_;
    std::unique_ptr<Webhook> webhook_;
    Router router_;
    std::jthread archive_thread_;
    std::jthread index_thread_;
    std::jthread consumer_thread_;
    std::jthread journal_thread_;

    // Why the database is away; nullopt: it is open, and what it says is known.
    mutable Mutex mutex_;
    std::optional<std::string> away_ GUARDED_BY(mutex_);
    bool rows_matched_at_start_ GUARDED_BY(mutex_) = false;
    std::vector<std::string> set_aside_ GUARDED_BY(mutex_);
};

}  // namespace footfall
