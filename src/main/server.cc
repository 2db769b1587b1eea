#include "main/server.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "support/crash_point.h"
#include "support/log.h"

namespace footfall {
namespace {

constexpr std::chrono::seconds kAnswerGrace{3};
// How long a stop goes on storing what was accepted.
constexpr std::chrono::seconds kStoreGrace{3};

// Whether it was told to stop within `time`.
bool stoppedWithin(std::chrono::seconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
    return stop.stop_requested();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
    auto folder = DataFolder::open(options.data_dir);
    if (!folder) return std::unexpected(std::move(folder.error()));
    std::unique_ptr<Server> server(new Server(std::move(options), std::move(*folder)));
    if (auto opened = server->openDatabase(); !opened)
        return std::unexpected(std::move(opened.error()));
    if (auto started = server->startPipeline(); !started)
        return std::unexpected(std::move(started.error()));
    crashPoint("server.before_announce");
    if (auto announced = server->folder_.announce(server->url()); !announced)
        return std::unexpected(std::move(announced.error()));
    return server;
}

Server::Server(ServerOptions options, DataFolder folder)
    : options_(std::move(options)),
      folder_(std::move(folder)),
      http_(std::make_unique<HttpServer>(
          options_.http,
          [this](HttpRequest&& request, HttpServer::Respond respond) {
              router_.handle(std::move(request), std::move(respond));
          },
          metrics_)),
      dead_letters_(files_, folder_.deadLettersPath()),
      deduplicator_(options_.deduplicator, files_, folder_.idsPath(), metrics_),
      queue_(options_.queue, metrics_) {}

Server::~Server() {
    stop();
    http_.reset();
}

Result<void> Server::openDatabase() {
    auto database = DuckDbDatabase::open({.path = folder_.databasePath()}, clock_);
    if (!database) return std::unexpected(std::move(database.error()));
    database_ = std::move(*database);
    return database_->storeJourneys(options_.journeys);
}

Result<void> Server::startPipeline() {
    const auto applied = database_->applied();
    if (!applied) return std::unexpected(applied.error());
    const auto stored_rows = database_->storedRows();
    if (!stored_rows) return std::unexpected(stored_rows.error());
    rows_matched_at_start_ = *stored_rows == applied->totals.stored;
    if (!rows_matched_at_start_)
        spdlog::error("{} rows are in the database, but {} were counted when they were stored",
                      *stored_rows, applied->totals.stored);

    if (auto opened = openJournal(applied->last); !opened) return opened;
    door_ = std::make_unique<DurableQueue>(DurableQueue::Options{}, *journal_, queue_,
                                           applied->last, clock_, http_->scheduler(), metrics_);
    consumer_ = std::make_unique<QueueConsumer>(options_.consumer, *door_, *database_,
                                                deduplicator_, dead_letters_, clock_, metrics_);
    if (auto restored = consumer_->restore(); !restored) return restored;
    api_ = std::make_unique<ApiRoutes>(ApiOptions{.journeys = options_.journeys,
                                                  .zone = options_.zone,
                                                  .currency = options_.currency,
                                                  .source = [this] { return describeSource(); },
                                                  .audit = [this] { return audit(); },
                                                  .pool = {}},
                                       *database_, clock_);
    webhook_ = std::make_unique<Webhook>(
        EventParserOptions{.key = EventIdKey(folder_.idKeySeed()), .zone = options_.zone}, *door_,
        clock_, metrics_, [this] { return warnings(); });
    addRoutes();
    archive_thread_ =
        std::jthread([this](const std::stop_token& stop) { deduplicator_.run(stop); });
    consumer_thread_ =
        std::jthread([this](std::stop_token stop) { consumer_->run(std::move(stop)); });
    journal_thread_ = std::jthread([this](const std::stop_token& stop) { journal_->run(stop); });
    return http_->start();
}

Result<void> Server::openJournal(SequenceNumber applied) {
    auto journal = Journal::open({.folder = folder_.journalPath(),
                                  .durability = options_.durability,
                                  .segment_bytes = options_.journal_segment_bytes,
                                  .bytes_max = options_.journal_bytes_max},
                                 files_, clock_, metrics_, applied);
    if (!journal) return std::unexpected(std::move(journal.error()));
    journal_ = std::move(*journal);
    logRecovery(journal_->recovery());
    journal_->onPoisoned([this](const Error& error) { failed(error); });
    const SequenceNumber oldest = journal_->firstRetained();
    if (oldest <= applied + 1 || options_.accept_loss) return {};
    return fail(Code::kFatal,
                fmt::format("the database in {} ends with event {} and the journal begins with "
                            "event {}: events {} to {} are missing. Put the database file back "
                            "from a backup, or start with --accept-loss to go on without them",
                            folder_.path(), applied.value, oldest.value, applied.value + 1,
                            oldest.value - 1));
}

void Server::failed(const Error& error) {
    spdlog::critical("The journal can take nothing any more, and the server stops: {}",
                     forLog(error.what));
    if (options_.on_failure) options_.on_failure();
}

std::vector<std::string> Server::warnings() const {
    std::vector<std::string> found;
    const JournalRecoveryReport& recovery = journal_->recovery();
    if (recovery.damaged())
        found.push_back(fmt::format(
            "the journal was damaged: {} bytes in {} places, {} events lost; see *.quarantine",
            recovery.damage.bytes, recovery.damage.places, recovery.lost_events));
    if (!rows_matched_at_start_)
        found.emplace_back("the database does not hold as many rows as were stored");
    return found;
}

void Server::addRoutes() {
    webhook_->addRoutes(router_);
    for (const ApiRoutes::Route& route : ApiRoutes::routes())
        router_.add(route.method, route.path,
                    [this, &route](HttpRequest&& request, const HttpServer::Respond& respond) {
                        api_->handle(route, std::move(request), respond);
                    });
}

// In the order of the flow: nothing new comes in, what was read becomes durable and is answered,
// then what is on the way is stored, as long as that takes no longer than the grace.
void Server::stop() {
    if (webhook_) webhook_->announceStop();
    http_->stop(kAnswerGrace);
    if (journal_) journal_->close();
    if (journal_thread_.joinable()) {
        journal_thread_.request_stop();
        journal_thread_.join();
    }
    if (door_) door_->close();
    if (!consumer_thread_.joinable()) return;
    const std::jthread limit(
        [consumer = consumer_thread_.get_stop_source()](const std::stop_token& stored) mutable {
            if (!stoppedWithin(kStoreGrace, stored)) consumer.request_stop();
        });
    consumer_thread_.join();
}

std::string Server::url() const {
    const std::string& host = options_.http.host;
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}:{}", is_ipv6 ? "[" + host + "]" : host, http_->port());
}

Audit Server::audit() const {
    const Applied applied = consumer_->applied();
    return {.applied = applied,
            .last_accepted = door_->lastAccepted(),
            .rows_matched_at_start = rows_matched_at_start_,
            .durability = toString(door_->durability())};
}

std::string Server::describeSource() const {
    const std::uint64_t in_flight = audit().inFlight();
    return fmt::format(
        "{}, folder {}, {}", url(), folder_.path(),
        in_flight == 0 ? "every event stored" : fmt::format("{} events on the way", in_flight));
}

}  // namespace footfall
