#include "main/server.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "dashboard/page.h"
#include "support/crash_point.h"
#include "support/log.h"
#include "support/random.h"
#include "support/retry.h"
#include "support/thread_name.h"

namespace footfall {
namespace {

constexpr std::chrono::seconds kAnswerGrace{3};
// How long a stop goes on storing what was accepted.
constexpr std::chrono::seconds kStoreGrace{3};

constexpr BackoffOptions kOpenAgain{.max = std::chrono::milliseconds(2'000)};
constexpr SequenceNumber kNothing{};

bool hasFailed(const Result<Applied>& applied, Code code) {
    return !applied && applied.error().code == code;
}

// That of the reports whose question names none.
const Journey& indexedJourney(const std::vector<Journey>& journeys) {
    const auto found = std::ranges::find(journeys, ReportParameters().journey, &Journey::name);
    return found == journeys.end() ? journeys.front() : *found;
}

// Whether it was told to stop within `time`.
bool stoppedWithin(std::chrono::nanoseconds time, const std::stop_token& stop) {
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
    if (auto opened = server->openStores(); !opened)
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
      database_(
          {.path = folder_.databasePath(), .memory_limit_bytes = options_.database_memory_bytes},
          clock_),
      database_start_(database_, files_, folder_.databasePath(), options_.journeys),
      dead_letters_(files_, folder_.deadLettersPath()),
      deduplicator_(options_.deduplicator, files_, folder_.idsPath(), metrics_),
      queue_(options_.queue, metrics_) {
    const Journey& journey = indexedJourney(options_.journeys);
    if (journey.stages.size() > JourneyShape::kStagesMax) return;
    index_ =
        std::make_unique<JourneyIndex>(JourneyIndex::Options{.journey = journey,
                                                             .currency = options_.currency,
                                                             .key = EventIdKey(folder_.idKeySeed()),
                                                             .folder = folder_.indexPath()},
                                       database_, files_, clock_, metrics_);
    database_.observe(index_.get());
}

Server::~Server() {
    stop();
    http_.reset();
}

Result<void> Server::openStores() {
    Result<Applied> applied = database_start_.open();
    const bool is_away = hasFailed(applied, Code::kUnavailable);
    const bool is_damaged = hasFailed(applied, Code::kFatal);
    if (!applied && !is_away && !is_damaged) return std::unexpected(applied.error());
    if (auto opened = openJournal(applied ? applied->last : kNothing); !opened) return opened;
    door_ = std::make_unique<DurableQueue>(DurableQueue::Options{}, *journal_, queue_, clock_,
                                           http_->scheduler(), metrics_);
    consumer_ = std::make_unique<QueueConsumer>(options_.consumer, *door_, database_, deduplicator_,
                                                dead_letters_, clock_, metrics_);
    consumer_->onDamaged([this](const Error& error) { failed(error); });

    if (is_away) return beginLater(applied.error());
    if (is_damaged) {
        spdlog::error("{}", forLog(applied.error().what));
        if (auto whole = checkNothingIsMissing(kNothing, "is damaged"); !whole) return whole;
        applied = database_start_.openEmpty();
        if (!applied) return std::unexpected(applied.error());
    }
    return beginAt(*applied);
}

Result<void> Server::openJournal(SequenceNumber applied) {
    auto journal = Journal::open({.folder = folder_.journalPath(),
                                  .durability = options_.durability,
                                  .segment_bytes = options_.journal_segment_bytes,
                                  .bytes_max = options_.journal_bytes_max,
                                  .retention_bytes = options_.journal_keep_bytes,
                                  .retention_age = options_.journal_keep_age},
                                 files_, clock_, metrics_, applied);
    if (!journal) return std::unexpected(std::move(journal.error()));
    journal_ = std::move(*journal);
    logRecovery(journal_->recovery());
    journal_->onPoisoned([this](const Error& error) { failed(error); });
    return {};
}

Result<void> Server::checkNothingIsMissing(SequenceNumber applied, std::string_view state) const {
    const SequenceNumber oldest = journal_->firstRetained();
    if (oldest <= applied + 1 || options_.accept_loss) return {};
    return fail(
        Code::kFatal,
        fmt::format("the database in {} {} and the journal begins with event {}: events {} "
                    "to {} are missing. Put the database file back from a backup, or start "
                    "with --accept-loss to go on without them",
                    folder_.path(), state, oldest.value, applied.value + 1, oldest.value - 1));
}

Result<void> Server::beginAt(const Applied& applied) {
    const std::string end = fmt::format("ends with event {}", applied.last.value);
    if (auto whole = checkNothingIsMissing(applied.last, end); !whole) return whole;
    const auto rows = database_.storedRows();
    if (!rows) return std::unexpected(rows.error());
    if (*rows != applied.totals.stored)
        spdlog::error("{} rows are in the database, but {} were counted when they were stored",
                      *rows, applied.totals.stored);
    if (auto restored = consumer_->restore(); !restored) return restored;
    const MutexLock lock(mutex_);
    away_.reset();
    rows_matched_at_start_ = *rows == applied.totals.stored;
    set_aside_ = database_start_.setAsideFiles();
    return {};
}

// Events can be taken without the database only if it is sure how they are to be numbered: the
// journal, synced, has a number behind every one that the database may have decided.
Result<void> Server::beginLater(const Error& away) {
    if (journal_->durableEnd() == kNothing || options_.durability != Durability::kFsync)
        return std::unexpected(away);
    spdlog::warn("{}. Events are taken into the journal until it can be opened.",
                 forLog(away.what));
    const MutexLock lock(mutex_);
    away_ = away.what;
    return {};
}

void Server::consume(const std::stop_token& stop) {
    Random random(randomSeed());
    for (unsigned attempt = 1; isAway(); ++attempt) {
        if (stoppedWithin(backoffDelay(kOpenAgain, attempt, random), stop)) return;
        const Result<Applied> applied = database_start_.open();
        const Result<void> begun = applied ? beginAt(*applied) : std::unexpected(applied.error());
        if (begun) {
            spdlog::info("The database is open; what the journal has for it is stored now.");
        } else if (begun.error().code != Code::kUnavailable) {
            return failed(begun.error());
        }
    }
    consumer_->run(stop);
}

bool Server::isAway() const {
    const MutexLock lock(mutex_);
    return away_.has_value();
}

Result<void> Server::startPipeline() {
    api_ = std::make_unique<ApiRoutes>(ApiOptions{.journeys = options_.journeys,
                                                  .zone = options_.zone,
                                                  .currency = options_.currency,
                                                  .source = [this] { return describeSource(); },
                                                  .audit = [this] { return audit(); },
                                                  .index = index_.get(),
                                                  .pool = {}},
                                       database_, clock_);
    webhook_ = std::make_unique<Webhook>(
        EventParserOptions{.key = EventIdKey(folder_.idKeySeed()), .zone = options_.zone}, *door_,
        clock_, metrics_, [this] { return warnings(); });
    addRoutes();
    archive_thread_ = std::jthread([this](const std::stop_token& stop) {
        nameThisThread("id archive");
        deduplicator_.run(stop);
    });
    if (index_)
        index_thread_ = std::jthread([this](const std::stop_token& stop) {
            nameThisThread("journey index");
            index_->run(stop);
        });
    consumer_thread_ = std::jthread([this](const std::stop_token& stop) {
        nameThisThread("queue consumer");
        consume(stop);
    });
    journal_thread_ = std::jthread([this](const std::stop_token& stop) {
        nameThisThread("journal");
        journal_->run(stop);
    });
    return http_->start();
}

void Server::failed(const Error& error) {
    spdlog::critical("The server stops: {}", forLog(error.what));
    if (options_.on_failure) options_.on_failure();
}

std::vector<std::string> Server::warnings() const {
    std::vector<std::string> found;
    const JournalRecoveryReport& recovery = journal_->recovery();
    if (recovery.damaged())
        found.push_back(fmt::format(
            "the journal was damaged: {} bytes in {} places, {} events lost; see *.quarantine",
            recovery.damage.bytes, recovery.damage.places, recovery.lost_events));
    const MutexLock lock(mutex_);
    if (away_)
        found.push_back(fmt::format("{}; events wait in the journal", *away_));
    else if (!rows_matched_at_start_)
        found.emplace_back("the database does not hold as many rows as were stored");
    for (const std::string& path : set_aside_)
        found.push_back(fmt::format("a file that was damaged is kept as {}", path));
    return found;
}

void Server::addRoutes() {
    webhook_->addRoutes(router_);
    for (const ApiRoutes::Route& route : ApiRoutes::routes())
        router_.add(route.method, route.path,
                    [this, &route](HttpRequest&& request, const HttpServer::Respond& respond) {
                        api_->handle(route, std::move(request), respond);
                    });
    for (const PageFile& file : pageFiles())
        router_.add("GET", file.path,
                    [&file](const HttpRequest& request, const HttpServer::Respond& respond) {
                        respond(pageAnswer(file, request));
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
    if (isAway()) consumer_thread_.request_stop();
    const std::jthread limit(
        [consumer = consumer_thread_.get_stop_source()](const std::stop_token& stored) mutable {
            if (!stoppedWithin(kStoreGrace, stored)) consumer.request_stop();
        });
    consumer_thread_.join();
    if (!index_thread_.joinable()) return;
    index_thread_.request_stop();
    index_thread_.join();
}

std::string Server::url() const {
    const std::string& host = options_.http.host;
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}:{}", is_ipv6 ? "[" + host + "]" : host, http_->port());
}

Result<Audit> Server::audit() const {
    const MutexLock lock(mutex_);
    if (away_) return fail(Code::kUnavailable, *away_);
    const Applied applied = consumer_->applied();
    return Audit{.applied = applied,
                 .last_accepted = door_->lastAccepted(),
                 .rows_matched_at_start = rows_matched_at_start_,
                 .durability = toString(door_->durability())};
}

std::string Server::describeSource() const {
    const auto found = audit();
    const std::uint64_t in_flight = found ? found->inFlight() : 0;
    return fmt::format(
        "{}, folder {}, {}", url(), folder_.path(),
        in_flight == 0 ? "every event stored" : fmt::format("{} events on the way", in_flight));
}

}  // namespace footfall
