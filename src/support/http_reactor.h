#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "support/http.h"
#include "support/http_body.h"
#include "support/mutex.h"

namespace footfall {

class Connection;

// Counts the open connections of all reactors, and lets stop() wait until there are none.
// Threads: all members, any thread.
class ConnectionCount {
  public:
    explicit ConnectionCount(prometheus::Gauge& gauge) : gauge_(gauge) {}
    // False, and nothing changed, when `count_max` are open.
    [[nodiscard]] bool add(std::size_t count_max);
    void remove();
    bool waitForNone(std::chrono::milliseconds timeout);

  private:
    prometheus::Gauge& gauge_;
    Mutex mutex_;
    std::condition_variable_any none_;
    std::size_t count_ GUARDED_BY(mutex_) = 0;
};

// What all connections of a server share. Constant, or thread-safe by itself.
struct HttpServerShared {
    HttpServerShared(HttpServerOptions server_options, HttpServer::Handler server_handler,
                     Metrics& metrics);
    void countAnswer(unsigned status) { answers_by_class[status / 100]->Increment(); }

    const HttpServerOptions options;
    const HttpServer::Handler handler;
    BodyBudget body_budget;
    ConnectionCount connections;
    std::array<prometheus::Counter*, 6> answers_by_class;  // [2]: 200 to 299
};

// Mailbox: the way of an answer from any thread to the reactor of its connection. Shared by the
// reactor and every answer that is still to be given, since either may live longer.
// Threads: all members, any thread.
class Mailbox {
  public:
    explicit Mailbox(boost::asio::io_context& context) : context_(&context) {}
    // Runs on the reactor's thread, or never when the reactor has ended.
    void post(std::function<void()> task);
    void close();

  private:
    Mutex mutex_;
    boost::asio::io_context* context_ GUARDED_BY(mutex_);
};

// Reactor: one thread and the connections that live on it. A connection never leaves its reactor,
// so nothing in it is locked.
// Threads: start, adopt, finish, halt, runAfter and mailbox any other thread; the rest on its own.
// Owns: its connections.
class Reactor {
  public:
    explicit Reactor(HttpServerShared& shared);
    ~Reactor();

    void start();
    // Takes over an accepted socket, which belongs to context().
    void adopt(boost::asio::ip::tcp::socket socket);
    // Connections close as soon as what they have read is answered.
    void finish();
    // Ends the thread at once; whatever still waits never runs.
    void halt();
    void runAfter(std::chrono::nanoseconds delay, std::function<void()> task);
    boost::asio::io_context& context() { return context_; }

    HttpServerShared& shared() { return shared_; }
    const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
    // One buffer for the reads of all connections: idle ones then cost no buffer. Its content
    // lasts until the reactor turns to another connection.
    std::span<char> readBuffer() { return read_buffer_; }
    std::string_view date() const { return date_; }
    void remove(Connection& connection);

  private:
    void sweepLater();
    void sweep();
    std::vector<std::shared_ptr<Connection>> connections() const;

    // Constant after construction.
    HttpServerShared& shared_;
    const std::chrono::milliseconds sweep_interval_;

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    boost::asio::steady_timer sweep_timer_{context_};
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>(context_);
    std::vector<char> read_buffer_;
    std::string date_;
    // Shared with the operations that wait on its socket: they end after it is removed here.
    std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
    std::jthread thread_;
};

}  // namespace footfall
