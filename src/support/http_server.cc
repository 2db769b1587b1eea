#include <algorithm>
#include <atomic>
#include <future>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "support/http.h"
#include "support/http_reactor.h"
#include "support/log.h"

namespace footfall {
namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

// After a failed accept, which mostly means that descriptors have run out: trying again at once
// would only turn a core.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kPortAttemptsMax = 16;

struct ListenAddresses {
    std::vector<asio::ip::address> required;
    std::vector<asio::ip::address> if_present;
};

Result<ListenAddresses> addressesOf(const std::string& host) {
    if (host == "localhost")
        return ListenAddresses{.required = {asio::ip::address_v4::loopback()},
                               .if_present = {asio::ip::address_v6::loopback()}};
    ErrorCode error;
    const asio::ip::address address = asio::ip::make_address(host, error);
    if (error || !address.is_loopback())
        return fail(Code::kInvalidArgument,
                    fmt::format("the host {} is not this machine's own: take localhost, 127.0.0.1 "
                                "or ::1",
                                forLog(host)));
    return ListenAddresses{.required = {address}, .if_present = {}};
}

ErrorCode listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
    ErrorCode error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    return error;
}

bool machineLacksAddress(const ErrorCode& error) {
    return error == boost::system::errc::address_not_available ||
           error == boost::system::errc::address_family_not_supported;
}

}  // namespace

class HttpServer::Impl final : public Scheduler {
  public:
    Impl(HttpServerOptions options, Handler handler, Metrics& metrics)
        : shared_(std::move(options), std::move(handler), metrics),
          refused_(metrics.counter("http_connections_refused_total",
                                   "Connections closed at once: too many are open")) {
        const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
        const unsigned count = shared_.options.reactors == 0 ? cores : shared_.options.reactors;
        for (unsigned i = 0; i < count; ++i)
            reactors_.push_back(std::make_unique<Reactor>(shared_));
    }

    ~Impl() override {
        stop(std::chrono::milliseconds(0));
        // All threads end before the first reactor goes: a task may run on one and wait on another.
        for (const auto& reactor : reactors_) reactor->halt();
    }

    Result<void> start() {
        const auto addresses = addressesOf(shared_.options.host);
        if (!addresses) return std::unexpected(addresses.error());
        if (auto listening = listenOn(*addresses); !listening) return listening;
        for (const auto& reactor : reactors_) reactor->start();
        asio::post(acceptContext(), [this] {
            for (const auto& acceptor : acceptors_) accept(*acceptor);
        });
        started_ = true;
        return {};
    }

    void stop(std::chrono::milliseconds grace) {
        if (!started_) return;
        started_ = false;
        std::promise<void> closed;
        asio::post(acceptContext(), [&] {
            for (const auto& acceptor : acceptors_) acceptor->close();
            closed.set_value();
        });
        closed.get_future().wait();
        for (const auto& reactor : reactors_) reactor->finish();
        shared_.connections.waitForNone(grace);
    }

    std::uint16_t port() const { return port_; }

    void runAfter(std::chrono::nanoseconds delay, std::function<void()> task) override {
        nextReactor().runAfter(delay, std::move(task));
    }

  private:
    using Acceptors = std::vector<std::unique_ptr<tcp::acceptor>>;

    asio::io_context& acceptContext() { return reactors_.front()->context(); }

    // Round robin: with few connections, as benches and collectors have, the kernel's choice among
    // SO_REUSEPORT sockets would leave one core idle.
    Reactor& nextReactor() {
        return *reactors_[next_reactor_.fetch_add(1, std::memory_order_relaxed) % reactors_.size()];
    }

    // A free port must be free on every address.
    Result<void> listenOn(const ListenAddresses& addresses) {
        Result<void> result;
        for (int attempt = 0; attempt < kPortAttemptsMax; ++attempt) {
            acceptors_.clear();
            port_ = shared_.options.port;
            result = tryListen(addresses);
            if (result || shared_.options.port != 0) return result;
        }
        return result;
    }

    Result<void> tryListen(const ListenAddresses& addresses) {
        for (const asio::ip::address& address : addresses.required)
            if (const ErrorCode error = addListener(address); error) return cannotListen(error);
        for (const asio::ip::address& address : addresses.if_present) {
            const ErrorCode error = addListener(address);
            if (machineLacksAddress(error))
                spdlog::info("not listening on {}: {}", address.to_string(), error.message());
            else if (error)
                return cannotListen(error);
        }
        return {};
    }

    ErrorCode addListener(const asio::ip::address& address) {
        auto acceptor = std::make_unique<tcp::acceptor>(acceptContext());
        const ErrorCode error = listen(*acceptor, {address, port_});
        if (error) return error;
        port_ = acceptor->local_endpoint().port();
        acceptors_.push_back(std::move(acceptor));
        return {};
    }

    std::unexpected<Error> cannotListen(const ErrorCode& error) const {
        if (error == boost::system::errc::address_in_use)
            return fail(Code::kUnavailable,
                        fmt::format("port {} is taken; choose another with --port", port_));
        return fail(Code::kUnavailable,
                    fmt::format("cannot listen on port {}: {}", port_, error.message()));
    }

    void accept(tcp::acceptor& acceptor) {
        Reactor& reactor = nextReactor();
        acceptor.async_accept(reactor.context(),
                              [this, &acceptor, &reactor](ErrorCode error, tcp::socket socket) {
                                  if (!acceptor.is_open()) return;
                                  if (error) return acceptLater(acceptor, error);
                                  takeOver(reactor, std::move(socket));
                                  accept(acceptor);
                              });
    }

    void takeOver(Reactor& reactor, tcp::socket socket) {
        if (shared_.connections.add(shared_.options.connections_max)) {
            accept_failures_ = 0;
            return reactor.adopt(std::move(socket));
        }
        refused_.Increment();
    }

    void acceptLater(tcp::acceptor& acceptor, const ErrorCode& error) {
        if (accept_failures_++ == 0)
            spdlog::warn("cannot accept a connection, trying again: {}", error.message());
        reactors_.front()->runAfter(kAcceptPause, [this, &acceptor] {
            if (acceptor.is_open()) accept(acceptor);
        });
    }

    HttpServerShared shared_;
    prometheus::Counter& refused_;
    std::atomic<std::size_t> next_reactor_{0};
    std::uint16_t port_ = 0;
    bool started_ = false;
    // Used on the first reactor's thread once started.
    std::size_t accept_failures_ = 0;
    std::vector<std::unique_ptr<Reactor>> reactors_;
    Acceptors acceptors_;
};

HttpServer::HttpServer(HttpServerOptions options, Handler handler, Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler), metrics)) {}

HttpServer::~HttpServer() = default;

Result<void> HttpServer::start() {
    return impl_->start();
}

void HttpServer::stop(std::chrono::milliseconds grace) {
    impl_->stop(grace);
}

std::uint16_t HttpServer::port() const {
    return impl_->port();
}

Scheduler& HttpServer::scheduler() {
    return *impl_;
}

}  // namespace footfall
