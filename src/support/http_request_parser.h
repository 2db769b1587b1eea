#pragma once

#include <algorithm>
#include <optional>

#include <boost/beast/http/basic_parser.hpp>

#include "support/http_body.h"
#include "support/http_framing.h"

namespace footfall {

// RequestParser: reads one request from bytes as they come: Beast's parser for the syntax, and over
// it the checks of http_framing.h and every limit. A body of announced length is not shown to
// Beast: it is only counted, and can be received where it is to stay. One is made for each request.
// Threads: one at a time.
// Bounds: the header limits of the options; holds back at most header_bytes_max unread bytes.
class RequestParser final : public boost::beast::http::basic_parser<true> {
  public:
    RequestParser(const HttpServerOptions& options, BodyBudget& budget);

    // Reads from the front of `bytes` and returns how many were used; the rest must come again,
    // with what follows it. Stops at the end of the request and at a refusal.
    std::size_t feed(std::string_view bytes);
    // Whether what comes next is the rest of a body as it is, and receiveBody() is to take it.
    bool takesBody() const {
        return body_left_ > 0 && framing_.coding == BodyCoding::kIdentity && !refusal_;
    }
    // receive(char* to, std::size_t room) -> how many came. REQUIRES: takesBody().
    template <class Receive>
    void receiveBody(Receive receive);

    // The request is whole.
    bool isDone() const { return body_announced_ ? body_left_ == 0 : is_done(); }
    const std::optional<Refusal>& refusal() const { return refusal_; }
    bool expectsContinue() const { return framing_.expects_continue; }
    bool isHttp11() const { return is_http_1_1_; }
    bool isHead() const { return is_head_; }
    std::uint64_t bodyBytesRead() const { return body_bytes_read_; }
    // REQUIRES: isDone() and no refusal.
    HttpRequest takeRequest();

  private:
    using ErrorCode = boost::beast::error_code;
    using View = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, View method, View target, int version,
                         ErrorCode& error) override;
    void on_response_impl(int, View, int, ErrorCode&) override {}
    void on_field_impl(boost::beast::http::field, View name, View value, ErrorCode& error) override;
    void on_header_impl(ErrorCode& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& error) override;
    std::size_t on_body_impl(View piece, ErrorCode& error) override;
    void on_chunk_header_impl(std::uint64_t, View extensions, ErrorCode& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t, View piece, ErrorCode& error) override;
    void on_finish_impl(ErrorCode& error) override;

    std::size_t skipEmptyLine(std::string_view bytes);
    std::size_t feedBeast(std::string_view bytes);
    void beginBody();
    void countBody(std::size_t bytes);
    void checkHeadBytes(std::string_view read);
    void refuse(const std::optional<Refusal>& refusal);
    void refuse(const std::optional<Refusal>& refusal, ErrorCode& error);
    void refuse(const ErrorCode& error);

    // Constant after construction.
    const HttpServerOptions& options_;

    HttpRequest request_;
    BodyReader body_;
    BodyFraming framing_;
    std::optional<Refusal> refusal_;
    bool is_http_1_1_ = true;
    bool is_head_ = false;
    bool empty_line_skipped_ = false;
    std::size_t head_bytes_ = 0;
    std::size_t field_count_ = 0;
    std::size_t extension_bytes_ = 0;
    std::uint64_t body_bytes_read_ = 0;
    bool body_announced_ = false;  // its length, and it has begun
    std::uint64_t body_left_ = 0;  // of such a body

    // So much is received at once, at most.
    static constexpr std::uint64_t kReceiveBytesMax = 256 << 10;
};

template <class Receive>
void RequestParser::receiveBody(Receive receive) {
    std::size_t came = 0;
    refuse(body_.receive(std::min(body_left_, kReceiveBytesMax),
                         [&](char* to, std::size_t room) { return came = receive(to, room); }));
    countBody(came);
}

}  // namespace footfall
