#include "support/http_request_parser.h"

namespace footfall {
namespace http = boost::beast::http;

namespace {

// Nobody needs chunk extensions; without a bound they would be a body that no limit counts.
constexpr std::size_t kExtensionBytesMax = 4096;
constexpr std::size_t kUsualFieldCount = 8;

constexpr Refusal kHeadTooLarge{431, "headers_too_large", "the headers are over the limit"};
constexpr Refusal kTooManyHeaders{431, "headers_too_large", "there are too many headers"};
constexpr Refusal kBodyTooLarge{413, "body_too_large",
                                "the body is over the limit; send less at a time"};
constexpr Refusal kMalformed{400, "malformed_request", "this is not well-formed HTTP/1.1"};
constexpr Refusal kFolded{400, "malformed_request", "a header goes on over a second line"};
constexpr Refusal kBadTarget{400, "malformed_request", "the request target is not a path"};
constexpr Refusal kLongExtensions{400, "malformed_request", "the chunk extensions are too long"};

std::string_view std_view(boost::beast::string_view view) {
    return {view.data(), view.size()};
}

}  // namespace

RequestParser::RequestParser(const HttpServerOptions& options, BodyBudget& budget)
    : options_(options), body_(options.body_bytes_max, budget) {
    // Beast takes a header that is longer as a whole; checkHeadBytes() counts over all of them.
    header_limit(static_cast<std::uint32_t>(options.header_bytes_max));
    body_limit(options.body_bytes_max);
}

std::size_t RequestParser::feed(std::string_view bytes) {
    if (!got_some() && bytes == "\r") return 0;  // perhaps half of an empty line
    std::size_t used = got_some() ? 0 : skipEmptyLine(bytes);
    while (used < bytes.size() && !isDone() && !refusal_) {
        const std::string_view rest = bytes.substr(used);
        if (body_announced_) {
            const std::string_view piece = rest.substr(0, body_left_);
            refuse(body_.append(piece));
            countBody(piece.size());
            used += piece.size();
            continue;
        }
        const std::size_t taken = feedBeast(rest);
        used += taken;
        if (taken == 0) break;
    }
    return used;
}

// Returns how many bytes were used; 0: more must come first.
std::size_t RequestParser::feedBeast(std::string_view bytes) {
    const bool in_head = !is_header_done();
    ErrorCode error;
    const std::size_t taken = put({bytes.data(), bytes.size()}, error);
    if (in_head) checkHeadBytes(bytes.substr(0, taken));
    if (error == http::error::need_more) {
        if (bytes.size() - taken >= options_.header_bytes_max) refuse(kHeadTooLarge);
    } else if (error) {
        refuse(error);
    } else if (in_head && is_header_done() && !is_done() && content_length()) {
        beginBody();
    }
    return taken;
}

void RequestParser::beginBody() {
    body_announced_ = true;
    body_left_ = *content_length();
    refuse(body_.begin(framing_.coding, body_left_));
}

void RequestParser::countBody(std::size_t bytes) {
    body_bytes_read_ += bytes;
    body_left_ -= bytes;
    if (body_left_ == 0) refuse(body_.finish());
}

// One empty line before a request is forgiven. Source: RFC 9112 section 2.2.
std::size_t RequestParser::skipEmptyLine(std::string_view bytes) {
    if (empty_line_skipped_ || !bytes.starts_with("\r\n")) return 0;
    empty_line_skipped_ = true;
    return 2;
}

void RequestParser::checkHeadBytes(std::string_view read) {
    head_bytes_ += read.size();
    if (hasFoldedLine(read)) refuse(kFolded);
    if (head_bytes_ > options_.header_bytes_max) refuse(kHeadTooLarge);
}

// The first refusal stands. The connection may linger: it must not hold the memory of others.
void RequestParser::refuse(const std::optional<Refusal>& refusal) {
    if (refusal_ || !refusal) return;
    refusal_ = refusal;
    body_.drop();
}

void RequestParser::refuse(const std::optional<Refusal>& refusal, ErrorCode& error) {
    if (!refusal) return;
    refuse(refusal);
    error = http::error::bad_value;  // only makes put() return
}

void RequestParser::refuse(const ErrorCode& error) {
    refuse(error == http::error::header_limit ? kHeadTooLarge
           : error == http::error::body_limit ? kBodyTooLarge
                                              : kMalformed);
}

HttpRequest RequestParser::takeRequest() {
    request_.body = body_.take();
    return std::move(request_);
}

void RequestParser::on_request_impl(http::verb verb, View method, View target, int version,
                                    ErrorCode& error) {
    is_http_1_1_ = version == 11;
    is_head_ = verb == http::verb::head;
    const auto resource = originForm(std_view(target));
    if (!resource) return refuse(kBadTarget, error);
    request_.method = std_view(method);
    request_.target = *resource;
    request_.headers.reserve(kUsualFieldCount);
}

// Also called for the trailers behind a chunked body: counted, and otherwise ignored.
void RequestParser::on_field_impl(http::field, View name, View value, ErrorCode& error) {
    if (++field_count_ > options_.header_count_max) return refuse(kTooManyHeaders, error);
    if (!is_header_done()) {
        request_.headers.emplace_back(std_view(name), std_view(value));
        return;
    }
    head_bytes_ += name.size() + value.size();
    if (head_bytes_ > options_.header_bytes_max) refuse(kHeadTooLarge, error);
}

void RequestParser::on_header_impl(ErrorCode& error) {
    const auto framing = checkHead(request_, is_http_1_1_);
    if (!framing) return refuse(framing.error(), error);
    framing_ = *framing;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length,
                                      ErrorCode& error) {
    refuse(
        body_.begin(framing_.coding, length ? std::optional<std::uint64_t>(*length) : std::nullopt),
        error);
}

std::size_t RequestParser::on_body_impl(View piece, ErrorCode& error) {
    body_bytes_read_ += piece.size();
    refuse(body_.append(std_view(piece)), error);
    return piece.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, View extensions, ErrorCode& error) {
    extension_bytes_ += extensions.size();
    if (extension_bytes_ > kExtensionBytesMax) refuse(kLongExtensions, error);
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View piece, ErrorCode& error) {
    return on_body_impl(piece, error);
}

void RequestParser::on_finish_impl(ErrorCode& error) {
    refuse(body_.finish(), error);
}

}  // namespace footfall
