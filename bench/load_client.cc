#include "bench/load_client.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/random.h"

namespace footfall::bench {
namespace {

constexpr std::chrono::milliseconds kRefusedPause{50};
constexpr int kAnswerWithinMs = 5'000;

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
        : fd_(connectTo(options.port)),
          bodies_(options.workload, index),
          random_(Random::of(options.workload.seed, 1'000 + index)) {}
    ~Connection() { ::close(fd_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int fd() const { return fd_; }
    const EventBodies& bodies() const { return bodies_; }
    SteadyTime sentAt() const { return sent_at_; }

    // The next request, or the same again while it is to be. Timed from `since`.
    void send(SteadyTime since, unsigned sends_max) {
        const bool again = sends_left_ > 0;
        if (!again) sends_left_ = 1 + static_cast<unsigned>(random_.below(sends_max));
        --sends_left_;
        sent_at_ = since;
        transmit(again ? bodies_.current() : bodies_.next());
    }
    void sendAgain() { transmit(bodies_.current()); }

    // The status once the answer is whole, else 0.
    int receive() {
        char buffer[16'384];
        const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
        CHECK(n > 0, "the server keeps the connection open");
        answer_.append(buffer, static_cast<std::size_t>(n));
        const std::size_t head_end = answer_.find("\r\n\r\n");
        if (head_end == std::string::npos) return 0;
        // Content-Length, in whatever case a server writes it.
        constexpr std::string_view kLength = "ength: ";
        const std::size_t length = answer_.find(kLength);
        CHECK(length < head_end, "every answer says its length");
        const std::size_t body_bytes = std::stoul(answer_.substr(length + kLength.size(), 20));
        if (answer_.size() < head_end + 4 + body_bytes) return 0;
        return std::stoi(answer_.substr(9, 3));
    }

  private:
    void transmit(const std::string& request) {
        answer_.clear();
        std::size_t sent = 0;
        while (sent < request.size()) {
            const ssize_t n =
                ::send(fd_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
            CHECK(n > 0 || errno == EINTR, "the server reads");
            if (n > 0) sent += static_cast<std::size_t>(n);
        }
    }

    int fd_;
    EventBodies bodies_;
    Random random_;
    unsigned sends_left_ = 0;  // of the current request
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
        end_ = start + options_.duration;
        due_ = start;
        for (const auto& connection : connections_) idle_.push_back(connection.get());
        std::vector<epoll_event> ready(connections_.size());
        while (true) {
            sendWhatIsDue();
            if (idle_.size() == connections_.size() && clock_.steadyNow() >= end_) break;
            const int count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()),
                                           millisecondsToWait());
            CHECK(count > 0 || options_.events_per_second > 0, "an answer within five seconds");
            for (int i = 0; i < count; ++i)
                step(*connections_[ready[static_cast<std::size_t>(i)].data.u32]);
        }
        result_.elapsed = clock_.steadyNow() - start;
        for (const auto& connection : connections_)
            result_.distinct_events += connection->bodies().distinctEvents();
        std::ranges::sort(result_.ack_times);
        return std::move(result_);
    }

  private:
    void sendWhatIsDue() {
        const bool paced = options_.events_per_second > 0;
        while (!idle_.empty()) {
            const SteadyTime now = clock_.steadyNow();
            if ((paced ? due_ : now) >= end_ || (paced && due_ > now)) return;
            idle_.front()->send(paced ? due_ : now, options_.sends_max);
            idle_.pop_front();
            if (!paced) continue;
            const double events = static_cast<double>(options_.workload.batch_events);
            due_ += std::chrono::nanoseconds(
                static_cast<std::int64_t>(events / options_.events_per_second * 1e9));
        }
    }

    int millisecondsToWait() const {
        if (options_.events_per_second == 0 || idle_.empty()) return kAnswerWithinMs;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(std::min(due_, end_) - clock_.steadyNow());
        return static_cast<int>(std::max<std::int64_t>(0, left.count()));
    }

    // Reads what came.
    void step(Connection& connection) {
        const int status = connection.receive();
        if (status == 0) return;
        if (status == 429 || status == 503) {
            ++result_.refused;
            // The whole client pauses: a full server is not to be measured by how fast it refuses.
            ::usleep(static_cast<useconds_t>(Micros(kRefusedPause).count()));
            return connection.sendAgain();
        }
        CHECK(status == 202, "the server takes every event");
        ++result_.requests;
        result_.accepted_events += options_.workload.batch_events;
        result_.ack_times.push_back(clock_.steadyNow() - connection.sentAt());
        idle_.push_back(&connection);
    }

    const SystemClock clock_;
    LoadOptions options_;
    int epoll_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::deque<Connection*> idle_;
    SteadyTime due_{};  // when the next request begins, at a fixed rate
    SteadyTime end_{};
    LoadResult result_;
};

}  // namespace

double LoadResult::ackMs(double quantile) const {
    const auto last = static_cast<double>(ack_times.size() - 1);
    const auto ack_time = ack_times[static_cast<std::size_t>(quantile * last)];
    return std::chrono::duration<double, std::milli>(ack_time).count();
}

LoadResult runLoad(const LoadOptions& options) {
    return Load(options).run();
}

}  // namespace footfall::bench
