#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/clock.h"
#include "support/metrics.h"
#include "support/result.h"
#include "support/scheduler.h"

// HTTP/1.1 as Footfall uses it. Nothing outside the http_* files of this folder includes
// Boost.Beast or Asio: a file that does compiles for many seconds.
namespace footfall {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// ASCII only, as the names of headers are compared.
bool equalsIgnoringCase(std::string_view a, std::string_view b);

// The value of the first header of that name, without regard to case; "" when there is none.
std::string_view headerValue(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";  // path and query as sent; see splitTarget()
    HttpHeaders headers;
    // On the server: decompressed when it came with Content-Encoding gzip, with spare capacity of
    // at least kBodyPaddingBytes behind its end for the JSON parser.
    std::string body;
    // On the server: expires when the client has gone, or will at least say nothing more. Noticed
    // within a second or so.
    std::weak_ptr<const void> client{};

    // Whether nobody waits for the answer any more, which may cost much. It may be given all the
    // same, and has to be given in some way.
    bool isAbandoned() const;
};
constexpr std::size_t kBodyPaddingBytes = 64;

class HttpStream;

struct HttpResponse {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    HttpHeaders headers;  // besides Content-Type, Content-Length, Connection
    // What follows the body, piece by piece; the connection ends with it. Shared with whoever makes
    // it. Null: the body is all.
    std::shared_ptr<HttpStream> stream;
};

// {"error":{"code":…,"message":…}} with that status; every error answer has this shape.
HttpResponse errorResponse(unsigned status, std::string_view code, std::string_view message);

struct HttpTarget {
    std::string path;                                        // percent-decoded
    std::vector<std::pair<std::string, std::string>> query;  // decoded, in order, repeats kept
};
// Errors: kMalformed for a broken percent escape or a NUL.
[[nodiscard]] Result<HttpTarget> splitTarget(std::string_view target);

struct HttpServerOptions {
    std::string host = "localhost";  // localhost: 127.0.0.1 and, where the machine has it, ::1
    std::uint16_t port = 8888;       // 0: any free one, see HttpServer::port()
    unsigned reactors = 0;           // threads; 0: one a core
    std::size_t body_bytes_max = 5'242'880;  // before and after decompression
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t header_count_max = 100;
    std::size_t connections_max = 8'192;
    std::size_t bodies_in_memory_bytes_max = 256 << 20;  // over all connections; beyond it 429
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds body_timeout{20'000};  // and at least 1 kB/s
    std::chrono::milliseconds idle_timeout{30'000};  // between requests
};

// HttpServer: accepts HTTP/1.1 connections and hands each request to a handler, which answers when
// it can: on the same call, or later from any thread.
// Threads: `reactors` of its own; the handler is called on them and must not block.
// Blocks: start() never; stop() until every request that was read has been answered, or `grace`;
//   streams end at once.
// Bounds: HttpServerOptions. Refuses by itself: framing errors 400 (then closes), 408, 411, 413,
//   415, 429 when bodies are over budget, 431; and TRACE-like oddities 405 are the handler's.
// Pipelining: requests of one connection are answered in their order.
// Errors: start -> kUnavailable "port 8888 is taken …" | kInvalidArgument for a host that is not
// this machine.
class HttpServer {
  public:
    // Call exactly once, from any thread. Destroying it uncalled answers 500.
    using Respond = std::function<void(HttpResponse)>;
    using Handler = std::function<void(HttpRequest&&, Respond)>;

    HttpServer(HttpServerOptions options, Handler handler, Metrics& metrics);
    ~HttpServer();

    [[nodiscard]] Result<void> start();
    void stop(std::chrono::milliseconds grace);
    // The port that was bound; valid after start().
    std::uint16_t port() const;
    // Timers on the reactors. Valid from construction; tasks run once started.
    Scheduler& scheduler();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// HttpClient: one keep-alive connection to one server, for one thread that waits for each answer.
// Reconnects by itself for the next request; never resends a request on its own.
// Threads: one at a time.
// Errors: kUnavailable (refused, reset, closed early) | kDeadlineExceeded | kMalformed answer.
class HttpClient {
  public:
    // "http://localhost:8888". Errors of create: kInvalidArgument naming what is wrong in the URL.
    [[nodiscard]] static Result<HttpClient> create(std::string_view base_url);
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    [[nodiscard]] Result<HttpResponse> send(const HttpRequest& request,
                                            std::chrono::milliseconds timeout);

  private:
    class Impl;
    explicit HttpClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace footfall
