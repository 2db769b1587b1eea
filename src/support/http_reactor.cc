#include "support/http_reactor.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "support/http_answer.h"
#include "support/http_connection.h"
#include "support/thread_name.h"

namespace footfall {
namespace asio = boost::asio;

namespace {

// A read takes up to so many bytes, behind what the parser held back of the read before.
constexpr std::size_t kReadBytes = 64 << 10;

// Deadlines are looked at once in an interval: one timer for all connections instead of one for
// each read. They are late by up to a quarter.
std::chrono::milliseconds sweepIntervalFor(const HttpServerOptions& options) {
    using std::chrono::milliseconds;
    const milliseconds shortest =
        std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
    return std::clamp(shortest / 4, milliseconds(1), milliseconds(1000));
}

}  // namespace

bool ConnectionCount::add(std::size_t count_max) {
    const MutexLock lock(mutex_);
    if (count_ >= count_max) return false;
    ++count_;
    gauge_.Set(static_cast<double>(count_));
    return true;
}

void ConnectionCount::remove() {
    const MutexLock lock(mutex_);
    --count_;
    gauge_.Set(static_cast<double>(count_));
    if (count_ == 0) none_.notify_all();
}

bool ConnectionCount::waitForNone(std::chrono::milliseconds timeout) {
    MutexLock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (count_ > 0)
        if (none_.wait_until(lock, deadline) == std::cv_status::timeout) return count_ == 0;
    return true;
}

HttpServerShared::HttpServerShared(HttpServerOptions server_options,
                                   HttpServer::Handler server_handler, Metrics& metrics)
    : options(std::move(server_options)),
      handler(std::move(server_handler)),
      body_budget(options.bodies_in_memory_bytes_max,
                  metrics.gauge("http_body_bytes", "Memory held by the bodies of requests")),
      connections(metrics.gauge("http_connections", "Open HTTP connections")) {
    for (std::size_t status_class = 0; status_class < answers_by_class.size(); ++status_class)
        answers_by_class[status_class] =
            &metrics.counter("http_answers_total", "HTTP answers by class of their status",
                             {{"class", fmt::format("{}xx", status_class)}});
}

void Mailbox::post(std::function<void()> task) {
    const MutexLock lock(mutex_);
    if (context_ != nullptr) asio::post(*context_, std::move(task));
}

void Mailbox::close() {
    const MutexLock lock(mutex_);
    context_ = nullptr;
}

Reactor::Reactor(HttpServerShared& shared)
    : shared_(shared),
      sweep_interval_(sweepIntervalFor(shared.options)),
      read_buffer_(kReadBytes + shared.options.header_bytes_max),
      date_(httpDate()) {
    sweepLater();
}

Reactor::~Reactor() {
    halt();
}

void Reactor::halt() {
    mailbox_->close();
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

void Reactor::start() {
    thread_ = std::jthread([this] {
        nameThisThread("http reactor");
        context_.run();
    });
}

void Reactor::adopt(asio::ip::tcp::socket socket) {
    asio::post(context_, [this, socket = std::move(socket)]() mutable {
        auto connection = std::make_shared<Connection>(*this, std::move(socket));
        connections_.emplace(connection.get(), connection);
        connection->start();
    });
}

void Reactor::finish() {
    asio::post(context_, [this] {
        for (const auto& connection : connections()) connection->finish();
    });
}

void Reactor::runAfter(std::chrono::nanoseconds delay, std::function<void()> task) {
    auto timer = std::make_unique<asio::steady_timer>(context_, delay);
    asio::steady_timer& waiting = *timer;
    waiting.async_wait(
        [timer = std::move(timer), task = std::move(task)](const boost::system::error_code& error) {
            if (!error) task();
        });
}

void Reactor::remove(Connection& connection) {
    connections_.erase(&connection);
}

void Reactor::sweepLater() {
    sweep_timer_.expires_after(sweep_interval_);
    sweep_timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        sweep();
        sweepLater();
    });
}

void Reactor::sweep() {
    date_ = httpDate();
    const SteadyTime now = std::chrono::steady_clock::now();
    for (const auto& connection : connections()) connection->checkDeadline(now);
}

// A copy, since a connection that closes leaves the map.
std::vector<std::shared_ptr<Connection>> Reactor::connections() const {
    std::vector<std::shared_ptr<Connection>> all;
    all.reserve(connections_.size());
    for (const auto& [key, connection] : connections_) all.push_back(connection);
    return all;
}

}  // namespace footfall
