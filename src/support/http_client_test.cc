#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/check.h"
#include "support/http.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;

// Gives each connection one prepared answer after the first bytes of a request, then closes it.
class OneAnswerServer {
  public:
    explicit OneAnswerServer(std::string answer) : answer_(std::move(answer)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        CHECK(::bind(fd_, any, size) == 0 && ::listen(fd_, 8) == 0, "a free port");
        CHECK(::getsockname(fd_, any, &size) == 0, "a bound socket has a name");
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this] { serve(); });
    }
    ~OneAnswerServer() {
        ::shutdown(fd_, SHUT_RDWR);
        thread_.join();
        ::close(fd_);
    }
    OneAnswerServer(const OneAnswerServer&) = delete;
    OneAnswerServer& operator=(const OneAnswerServer&) = delete;

    std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
    int served() const { return served_.load(); }

  private:
    void serve() {
        for (int fd = -1; (fd = ::accept(fd_, nullptr, nullptr)) >= 0;) {
            char bytes[4096];
            if (::recv(fd, bytes, sizeof bytes, 0) > 0) {
                ++served_;
                ::send(fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
            }
            ::close(fd);
        }
    }

    const std::string answer_;
    const int fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    std::uint16_t port_ = 0;
    std::atomic<int> served_{0};
    std::jthread thread_;
};

Code codeFor(const std::string& answer) {
    const OneAnswerServer server(answer);
    HttpClient client = std::move(*HttpClient::create(server.url()));
    const auto got = client.send({}, milliseconds(10'000));
    return got ? Code::kInternal : got.error().code;
}

TEST(HttpClient, connectsAnewAfterTheServerHasClosed) {
    const OneAnswerServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nhi");
    HttpClient client = std::move(*HttpClient::create(server.url()));

    for (int i = 1; i <= 3; ++i) {
        const auto answer = client.send({}, milliseconds(10'000));
        ASSERT_TRUE(answer) << answer.error().what;
        EXPECT_EQ(answer->body, "hi");
        EXPECT_EQ(headerValue(answer->headers, "x-a"), "b");
        EXPECT_EQ(server.served(), i) << "each request is sent once";
        std::this_thread::sleep_for(milliseconds(20));  // the end of the connection arrives
    }
}

TEST(HttpClient, tellsABrokenAnswerFromNone) {
    EXPECT_EQ(codeFor(""), Code::kUnavailable);
    EXPECT_EQ(codeFor("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"), Code::kUnavailable);
    EXPECT_EQ(codeFor("nonsense\r\n\r\n"), Code::kMalformed);
}

TEST(HttpClient, readsAnAnswerWithoutLengthToItsEnd) {
    const OneAnswerServer server("HTTP/1.1 200 OK\r\n\r\nto the end");
    HttpClient client = std::move(*HttpClient::create(server.url()));

    EXPECT_EQ(client.send({}, milliseconds(10'000))->body, "to the end");
}

TEST(HttpClient, givesUpAtTheTimeout) {
    Metrics metrics;
    HttpServer::Respond kept;
    HttpServer silent(
        {.port = 0}, [&](HttpRequest&&, HttpServer::Respond respond) { kept = std::move(respond); },
        metrics);
    ASSERT_TRUE(silent.start());
    HttpClient client =
        std::move(*HttpClient::create(fmt::format("http://localhost:{}", silent.port())));

    const auto answer = client.send({}, milliseconds(50));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kDeadlineExceeded);
}

TEST(HttpClient, saysWhenNobodyListens) {
    HttpClient client = std::move(*HttpClient::create("http://127.0.0.1:1"));

    const auto answer = client.send({}, milliseconds(5000));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace footfall
