#include "bench/load_client.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/check.h"
#include "support/clock.h"

namespace footfall::bench {
namespace {

constexpr std::chrono::milliseconds kRefusedPause{50};

int connectTo(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0, "a socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
          "the server accepts connections");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

// One connection: sends its request whole, then waits for the whole answer.
class Connection {
  public:
    Connection(const LoadOptions& options, unsigned index)
        : fd_(connectTo(options.port)), bodies_(options.workload, index) {}
    ~Connection() { ::close(fd_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int fd() const { return fd_; }
    const EventBodies& bodies() const { return bodies_; }
    SteadyTime sentAt() const { return sent_at_; }

    void send(bool again) {
        const std::string& request = again ? bodies_.current() : bodies_.next();
        answer_.clear();
        sent_at_ = clock_.steadyNow();
        std::size_t sent = 0;
        while (sent < request.size()) {
            const ssize_t n =
                ::send(fd_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
            CHECK(n > 0 || errno == EINTR, "the server reads");
            if (n > 0) sent += static_cast<std::size_t>(n);
        }
    }

    // The status once the answer is whole, else 0.
    int receive() {
        char buffer[16'384];
        const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
        CHECK(n > 0, "the server keeps the connection open");
        answer_.append(buffer, static_cast<std::size_t>(n));
        const std::size_t head_end = answer_.find("\r\n\r\n");
        if (head_end == std::string::npos) return 0;
        const std::size_t length = answer_.find("Content-Length: ");
        CHECK(length < head_end, "every answer says its length");
        const std::size_t body_bytes = std::stoul(answer_.substr(length + 16, 20));
        if (answer_.size() < head_end + 4 + body_bytes) return 0;
        return std::stoi(answer_.substr(9, 3));
    }

  private:
    const SystemClock clock_;
    int fd_;
    EventBodies bodies_;
    std::string answer_;
    SteadyTime sent_at_;
};

class Load {
  public:
    explicit Load(const LoadOptions& options)
        : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (unsigned i = 0; i < options.connections; ++i) {
            connections_.push_back(std::make_unique<Connection>(options, i));
            epoll_event event{.events = EPOLLIN, .data = {.u32 = i}};
            CHECK(::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->fd(), &event) == 0,
                  "epoll takes a socket");
        }
    }
    ~Load() { ::close(epoll_); }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    LoadResult run() {
        const SteadyTime start = clock_.steadyNow();
        const SteadyTime end = start + options_.duration;
        for (const auto& connection : connections_) connection->send(false);
        std::size_t busy = connections_.size();
        std::vector<epoll_event> ready(connections_.size());
        while (busy > 0) {
            const int count =
                ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 5'000);
            CHECK(count > 0, "an answer within five seconds");
            for (int i = 0; i < count; ++i)
                if (!step(*connections_[ready[static_cast<std::size_t>(i)].data.u32], end)) --busy;
        }
        result_.elapsed = clock_.steadyNow() - start;
        for (const auto& connection : connections_)
            result_.distinct_events += connection->bodies().distinctEvents();
        std::ranges::sort(result_.ack_times);
        return std::move(result_);
    }

  private:
    // Reads what came; false once this connection has nothing left to do.
    bool step(Connection& connection, SteadyTime end) {
        const int status = connection.receive();
        if (status == 0) return true;
        const SteadyTime now = clock_.steadyNow();
        if (status == 429 || status == 503) {
            ++result_.refused;
            // The whole client pauses: a full server is not to be measured by how fast it refuses.
            ::usleep(static_cast<useconds_t>(Micros(kRefusedPause).count()));
            connection.send(true);
            return true;
        }
        CHECK(status == 202, "the server takes every event");
        ++result_.requests;
        result_.accepted_events += options_.workload.batch_events;
        result_.ack_times.push_back(now - connection.sentAt());
        if (now >= end) return false;
        connection.send(false);
        return true;
    }

    const SystemClock clock_;
    LoadOptions options_;
    int epoll_;
    std::vector<std::unique_ptr<Connection>> connections_;
    LoadResult result_;
};

}  // namespace

LoadResult runLoad(const LoadOptions& options) {
    return Load(options).run();
}

}  // namespace footfall::bench
