#include <cerrno>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "support/http.h"

namespace footfall {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

// A report over everything stays far below it; a server that sends without end does not eat memory.
constexpr std::uint64_t kAnswerBytesMax = 256 << 20;
constexpr std::size_t kReadBufferBytes = 64 << 10;

struct ServerAddress {
    std::string host;
    std::string port;
    std::string authority;  // for the Host header
};

Result<ServerAddress> parseBaseUrl(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    const auto wrong = [&](std::string_view why) {
        return fail(Code::kInvalidArgument,
                    fmt::format("the URL {} {}; it looks like http://localhost:8888", url, why));
    };
    if (!url.starts_with(kScheme)) return wrong("does not begin with http://");
    std::string_view rest = url.substr(kScheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.empty() || rest.find_first_of("/?#@ ") != std::string_view::npos)
        return wrong("is more or less than a host and a port");

    const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : 0;
    if (bracket == std::string_view::npos) return wrong("has a [ without a ]");
    const std::size_t colon = rest.find(':', bracket);
    std::string_view host = rest.substr(0, colon);
    const std::string_view port = colon == std::string_view::npos ? "80" : rest.substr(colon + 1);
    if (bracket > 0) host = host.substr(1, bracket - 1);
    if (host.empty()) return wrong("has no host");
    if (port.empty() || port.size() > 5 ||
        port.find_first_not_of("0123456789") != std::string_view::npos ||
        std::stoul(std::string(port)) > UINT16_MAX)
        return wrong("has no port that is a number up to 65535");
    return ServerAddress{std::string(host), std::string(port), std::string(rest)};
}

Error errorFrom(const ErrorCode& error, const ServerAddress& server, std::string_view doing) {
    const std::string what = fmt::format("{} {}: {}", doing, server.authority, error.message());
    if (error == beast::error::timeout) return {Code::kDeadlineExceeded, what};
    const bool answer_is_broken =
        error.category() == make_error_code(http::error::bad_value).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message;
    return {answer_is_broken ? Code::kMalformed : Code::kUnavailable, what};
}

}  // namespace

// One asynchronous operation at a time, each run to its end on the caller's thread: Beast's stream
// then owns the time-out, which blocking reads of Asio do not have.
class HttpClient::Impl {
  public:
    explicit Impl(ServerAddress server) : server_(std::move(server)) {}

    Result<HttpResponse> send(const HttpRequest& request, std::chrono::milliseconds timeout) {
        stream_.expires_after(timeout);
        if (!reusable()) {
            disconnect();
            if (const ErrorCode error = connect(); error)
                return std::unexpected(errorFrom(error, server_, "cannot connect to"));
        }
        if (const ErrorCode error = write(request); error) return failed(error, "cannot send to");
        return read(request.method == "HEAD");
    }

  private:
    using RequestMessage = http::request<http::span_body<const char>>;

    // A server may close a connection that idles; then there is an end to be read, or bytes that
    // nobody asked for.
    bool reusable() {
        if (!stream_.socket().is_open()) return false;
        char byte = 0;
        const ssize_t got =
            ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    void disconnect() {
        ErrorCode ignored;
        stream_.socket().close(ignored);
        buffer_.clear();
    }

    std::unexpected<Error> failed(const ErrorCode& error, std::string_view doing) {
        disconnect();
        return std::unexpected(errorFrom(error, server_, doing));
    }

    ErrorCode connect() {
        ErrorCode error;
        const std::vector<tcp::endpoint> endpoints = addresses(error);
        if (error) return error;
        stream_.async_connect(endpoints,
                              [&](ErrorCode result, const tcp::endpoint&) { error = result; });
        runToEnd();
        if (!error) stream_.socket().set_option(tcp::no_delay(true), error);
        return error;
    }

    // localhost is 127.0.0.1 and ::1, whatever the machine's files say: that is where the server
    // listens.
    std::vector<tcp::endpoint> addresses(ErrorCode& error) {
        if (server_.host == "localhost") {
            const auto port = static_cast<std::uint16_t>(std::stoul(server_.port));
            return {{asio::ip::address_v4::loopback(), port},
                    {asio::ip::address_v6::loopback(), port}};
        }
        std::vector<tcp::endpoint> endpoints;
        for (const auto& entry : resolver_.resolve(server_.host, server_.port, error))
            endpoints.push_back(entry.endpoint());
        return endpoints;
    }

    ErrorCode write(const HttpRequest& request) {
        RequestMessage message;
        message.version(11);
        message.method_string(request.method);
        message.target(request.target);
        message.set(http::field::host, server_.authority);
        for (const auto& [name, value] : request.headers) message.insert(name, value);
        message.body() = {request.body.data(), request.body.size()};
        if (!request.body.empty() || request.method != "GET")
            message.content_length(request.body.size());

        ErrorCode error;
        http::async_write(stream_, message, [&](ErrorCode result, std::size_t) { error = result; });
        runToEnd();
        return error;
    }

    Result<HttpResponse> read(bool without_body) {
        http::response_parser<http::string_body> parser;
        parser.body_limit(kAnswerBytesMax);
        parser.skip(without_body);
        ErrorCode error;
        http::async_read(stream_, buffer_, parser,
                         [&](ErrorCode result, std::size_t) { error = result; });
        runToEnd();
        if (error) return failed(error, "no answer from");

        if (!parser.keep_alive()) disconnect();
        return responseFrom(parser.release());
    }

    static HttpResponse responseFrom(http::response<http::string_body> message) {
        HttpResponse response{.status = message.result_int(),
                              .content_type = std::string(message[http::field::content_type]),
                              .body = std::move(message.body()),
                              .headers = {}};
        for (const auto& field : message)
            if (field.name() != http::field::content_type)
                response.headers.emplace_back(field.name_string(), field.value());
        return response;
    }

    void runToEnd() {
        context_.restart();
        context_.run();
    }

    // Constant after construction.
    ServerAddress server_;

    asio::io_context context_{1};
    tcp::resolver resolver_{context_};
    beast::tcp_stream stream_{context_};
    beast::flat_buffer buffer_{[] {
        beast::flat_buffer buffer;
        buffer.reserve(kReadBufferBytes);
        return buffer;
    }()};
};

Result<HttpClient> HttpClient::create(std::string_view base_url) {
    auto server = parseBaseUrl(base_url);
    if (!server) return std::unexpected(std::move(server.error()));
    return HttpClient(std::make_unique<Impl>(std::move(*server)));
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpResponse> HttpClient::send(const HttpRequest& request,
                                      std::chrono::milliseconds timeout) {
    return impl_->send(request, timeout);
}

}  // namespace footfall
