#include "support/http_connection.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>

#include "support/check.h"
#include "support/http_answer.h"
#include "support/http_pending_answer.h"

namespace footfall {
namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

// Answers to pipelined requests are written together, up to about so many bytes.
constexpr std::size_t kOutBytes = 64 << 10;
// How long a client that was refused may go on sending before it must read the answer. Closing at
// once would reset the connection and take the answer away.
constexpr std::chrono::milliseconds kLingerTime{2000};
constexpr std::int64_t kBodyBytesPerSecondMin = 1000;

constexpr Refusal kTooSlow{408, "too_slow", "the request did not come in time"};

}  // namespace

Connection::Connection(Reactor& reactor, tcp::socket socket)
    : reactor_(reactor), options_(reactor.shared().options), socket_(std::move(socket)) {}

Connection::~Connection() {
    reactor_.shared().connections.remove();
}

void Connection::start() {
    ErrorCode error;
    socket_.non_blocking(true, error);
    if (!error) socket_.set_option(tcp::no_delay(true), error);
    if (error) return close();
    parser_.emplace(options_, reactor_.shared().body_budget);
    client_ = std::make_shared<const bool>(true);
    enter(Phase::kIdle, options_.idle_timeout);
    waitToRead();
}

void Connection::waitToRead() {
    if (waiting_to_read_) return;
    waiting_to_read_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const ErrorCode&) {
        self->waiting_to_read_ = false;
        if (self->isReading()) self->read();
        if (self->phase_ == Phase::kLingering || self->phase_ == Phase::kStreaming) self->discard();
    });
}

void Connection::read() {
    if (parser_->takesBody()) return readBody();
    const std::span<char> buffer = reactor_.readBuffer();
    const std::size_t held = unread_.size();
    CHECK(held < buffer.size(), "a parser that waits holds back less than a header's limit");
    std::copy(unread_.begin(), unread_.end(), buffer.begin());

    ErrorCode error;
    const std::size_t got =
        socket_.read_some(asio::buffer(buffer.data() + held, buffer.size() - held), error);
    if (error == asio::error::would_block) return waitToRead();
    if (error) return close();
    readRequests({buffer.data(), held + got});
}

// Into the memory in which it is handed on. Nothing was left unread before it.
void Connection::readBody() {
    ErrorCode error;
    parser_->receiveBody([&](char* to, std::size_t room) {
        return socket_.read_some(asio::buffer(to, room), error);
    });
    if (error == asio::error::would_block) return waitToRead();
    if (error) return close();
    readRequests({});
}

void Connection::readRequests(std::string_view input) {
    while (isReading() && readRequest(input))
        if (out_.size() >= kOutBytes && !flush()) break;
    unread_.assign(input);
    proceed();
}

// False when there is nothing more to be read for now.
bool Connection::readRequest(std::string_view& input) {
    if (closing_) return false;
    input.remove_prefix(parser_->feed(input));
    if (parser_->refusal()) {
        refuse(*parser_->refusal());
        return false;
    }
    if (!parser_->isDone()) return false;
    handle();
    return true;
}

void Connection::continueReading() {
    const std::string input = std::exchange(unread_, {});
    readRequests(input);
}

void Connection::handle() {
    phase_ = Phase::kHandling;
    const auto answer = std::make_shared<PendingAnswer>(reactor_.mailbox(), weak_from_this());
    HttpRequest request = parser_->takeRequest();
    request.client = client_;
    const auto at_once =
        PendingAnswer::askFor(answer, reactor_.shared().handler, std::move(request));
    if (at_once) finishRequest(*at_once);
}

void Connection::answer(const HttpResponse& response) {
    if (phase_ != Phase::kHandling) return;  // closed meanwhile
    finishRequest(response);
    continueReading();
}

void Connection::finishRequest(const HttpResponse& response) {
    append(response, parser_->keep_alive() && !finishing_ && !response.stream);
    const bool goes_on = response.stream && !parser_->isHead() && !finishing_;
    parser_.emplace(options_, reactor_.shared().body_budget);
    continue_sent_ = false;
    enter(Phase::kIdle, options_.idle_timeout);
    if (goes_on) beginStream(response);
}

void Connection::refuse(const Refusal& refusal) {
    HttpResponse response = errorResponse(refusal.status, refusal.code, refusal.message);
    if (refusal.status == 429) response.headers.emplace_back("Retry-After", "1");
    append(response, false);
}

void Connection::append(const HttpResponse& response, bool keep_alive) {
    closing_ = !keep_alive;
    appendAnswer(out_, response,
                 {.is_http_1_1 = parser_->isHttp11(),
                  .keep_alive = keep_alive,
                  .head_only = parser_->isHead(),
                  .date = reactor_.date()});
    reactor_.shared().countAnswer(response.status);
}

// Writes what there is to write and waits for what must come next.
void Connection::proceed() {
    notePhase();
    if (phase_ == Phase::kBody && parser_->expectsContinue() && !continue_sent_ && !closing_) {
        out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        continue_sent_ = true;
    }
    if (!flush()) return;
    if (closing_) return linger();
    if (phase_ == Phase::kStreaming) return sendPieces();
    if (isReading()) waitToRead();
}

void Connection::beginStream(const HttpResponse& response) {
    closing_ = false;
    phase_ = Phase::kStreaming;
    stream_ = response.stream;
    stream_->onPiece([mailbox = reactor_.mailbox(), connection = weak_from_this()] {
        mailbox->post([connection] {
            if (const auto alive = connection.lock()) alive->proceed();
        });
    });
    waitToRead();  // for the end of the client, which has nothing more to say
}

// A client that has not taken a piece gets no second one: it waits in the stream.
void Connection::sendPieces() {
    while (phase_ == Phase::kStreaming) {
        const HttpStream::Piece piece = stream_->take();
        if (!piece) return;
        out_ += *piece;
        if (!flush()) return;
    }
}

// Whether everything is written. If not, it goes on by itself, or the connection is closed.
bool Connection::flush() {
    if (waiting_to_write_ || phase_ == Phase::kClosed) return false;
    while (out_written_ < out_.size()) {
        ErrorCode error;
        const auto rest = asio::buffer(out_) + out_written_;
        out_written_ += socket_.write_some(rest, error);
        if (error == asio::error::would_block) {
            waitToWrite();
            return false;
        }
        if (error) {
            close();
            return false;
        }
    }
    out_.clear();
    out_written_ = 0;
    return true;
}

void Connection::waitToWrite() {
    waiting_to_write_ = true;
    write_stalled_since_ = std::chrono::steady_clock::now();
    socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const ErrorCode&) {
        self->waiting_to_write_ = false;
        if (self->flush()) self->continueReading();
    });
}

void Connection::linger() {
    if (phase_ == Phase::kLingering) return;
    ErrorCode error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    if (error) return close();
    enter(Phase::kLingering, kLingerTime);
    waitToRead();
}

void Connection::discard() {
    const std::span<char> buffer = reactor_.readBuffer();
    ErrorCode error;
    socket_.read_some(asio::buffer(buffer.data(), buffer.size()), error);
    if (error && error != asio::error::would_block) return close();
    waitToRead();
}

void Connection::close() {
    phase_ = Phase::kClosed;
    ErrorCode ignored;
    socket_.close(ignored);
    parser_.reset();
    client_.reset();
    stream_.reset();
    reactor_.remove(*this);
}

void Connection::finish() {
    finishing_ = true;
    if (phase_ == Phase::kStreaming || (phase_ == Phase::kIdle && out_.empty())) close();
}

void Connection::enter(Phase phase, std::chrono::milliseconds time) {
    phase_ = phase;
    phase_since_ = std::chrono::steady_clock::now();
    deadline_ = phase_since_ + time;
}

void Connection::notePhase() {
    if (!isReading()) return;
    if (parser_->is_header_done()) {
        if (phase_ != Phase::kBody) enter(Phase::kBody, options_.body_timeout);
    } else if (parser_->got_some() || !unread_.empty()) {
        if (phase_ != Phase::kHead) enter(Phase::kHead, options_.header_timeout);
    }
}

void Connection::checkDeadline(SteadyTime now) {
    if (waiting_to_write_) {
        if (now - write_stalled_since_ > options_.body_timeout) close();
    } else if (phase_ == Phase::kHandling) {
        noteEndOfClient();
    } else if (phase_ == Phase::kIdle || phase_ == Phase::kLingering) {
        if (now > deadline_) close();
    } else if (isReading() && tooSlow(now)) {
        refuse(kTooSlow);
        proceed();
    }
}

// Nothing is read while a request is handled: an end that came shows only to who looks for it.
void Connection::noteEndOfClient() {
    char byte{};
    ErrorCode error;
    socket_.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
    if (error && error != asio::error::would_block) client_.reset();
}

bool Connection::tooSlow(SteadyTime now) const {
    if (now > deadline_) return true;
    const auto elapsed = now - phase_since_;
    if (phase_ != Phase::kBody || elapsed < options_.body_timeout / 4) return false;
    const auto elapsed_ms = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
    return static_cast<std::int64_t>(parser_->bodyBytesRead()) * 1000 <
           elapsed_ms * kBodyBytesPerSecondMin;
}

}  // namespace footfall
