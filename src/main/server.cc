#include "main/server.h"

#include <utility>

#include <fmt/format.h>

#include "support/log.h"

namespace footfall {
namespace {

constexpr std::chrono::seconds kAnswerGrace{5};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
    auto folder = DataFolder::open(options.data_dir);
    if (!folder) return std::unexpected(std::move(folder.error()));
    std::unique_ptr<Server> server(new Server(std::move(options), std::move(*folder)));
    if (auto opened = server->openDatabase(); !opened)
        return std::unexpected(std::move(opened.error()));
    if (auto started = server->startPipeline(); !started)
        return std::unexpected(std::move(started.error()));
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

    door_ = std::make_unique<DurableQueue>(DurableQueue::Options{}, queue_, applied->last + 1,
                                           clock_, http_->scheduler(), metrics_);
    consumer_ = std::make_unique<QueueConsumer>(options_.consumer, queue_, *door_, *database_,
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
        clock_, metrics_);
    addRoutes();
    archive_thread_ =
        std::jthread([this](const std::stop_token& stop) { deduplicator_.run(stop); });
    consumer_thread_ =
        std::jthread([this](std::stop_token stop) { consumer_->run(std::move(stop)); });
    return http_->start();
}

void Server::addRoutes() {
    webhook_->addRoutes(router_);
    for (const ApiRoutes::Route& route : ApiRoutes::routes())
        router_.add(route.method, route.path,
                    [this, &route](HttpRequest&& request, const HttpServer::Respond& respond) {
                        api_->handle(route, std::move(request), respond);
                    });
}

// In the order of the flow: nothing new comes in, then everything on the way is stored.
void Server::stop() {
    if (webhook_) webhook_->announceStop();
    http_->stop(kAnswerGrace);
    if (door_) door_->close();
    if (consumer_thread_.joinable()) consumer_thread_.join();
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
