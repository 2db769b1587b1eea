#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/check.h"

namespace footfall {

// What came back for one request: enough to look at, read without the code that is under test.
struct RawAnswer {
    int status = 0;
    std::string head;
    std::string body;

    bool says(std::string_view text) const { return head.find(text) != std::string::npos; }
};

// RawConnection: a socket to 127.0.0.1 that sends any bytes at all, for what no HTTP client sends.
// Threads: one at a time.   Blocks: each read up to 20 s, which only a failing test waits for.
class RawConnection {
  public:
    explicit RawConnection(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        CHECK(fd_ >= 0, "there are descriptors");
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const int on = 1;
        setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
              "the server listens");
    }
    ~RawConnection() { ::close(fd_); }
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    // False when the server has closed.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void endSending() { ::shutdown(fd_, SHUT_WR); }

    // The next answer; nullopt when the connection ends before one is whole. `of_head`: to a HEAD.
    std::optional<RawAnswer> read(bool of_head = false) {
        std::size_t head_end = 0;
        while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos)
            if (!receive()) return std::nullopt;
        RawAnswer answer;
        answer.head = buffer_.substr(0, head_end + 4);
        buffer_.erase(0, head_end + 4);
        answer.status = std::stoi(answer.head.substr(9, 3));
        const std::size_t length_at = answer.head.find("Content-Length: ");
        if (of_head || length_at == std::string::npos) return answer;
        const std::size_t length = std::stoul(answer.head.substr(length_at + 16));
        while (buffer_.size() < length)
            if (!receive()) return std::nullopt;
        answer.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
        return answer;
    }

    // Whether just these bytes come next, of a body that has no length.
    bool receives(std::string_view bytes) {
        while (buffer_.size() < bytes.size())
            if (!receive()) return false;
        const bool same = buffer_.starts_with(bytes);
        buffer_.erase(0, bytes.size());
        return same;
    }

    // Whether the server ends the connection, with nothing more to say.
    bool closedByServer() { return buffer_.empty() && !receive() && ended_; }

  private:
    bool receive() {
        char piece[16384];
        const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
        if (got > 0) buffer_.append(piece, static_cast<std::size_t>(got));
        ended_ = got == 0;
        return got > 0;
    }

    const int fd_;
    std::string buffer_;
    bool ended_ = false;
};

}  // namespace footfall
