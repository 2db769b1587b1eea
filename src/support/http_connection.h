#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "support/http_reactor.h"
#include "support/http_request_parser.h"
#include "support/http_stream.h"

namespace footfall {

// Connection: one client's socket: reads a request, hands it on, writes its answer, and so on.
// Requests that come ahead (pipelining) wait unread, so answers keep their order and a client that
// does not read is not read from.
// Threads: the reactor's.   Blocks: never; the socket does not, and is waited for when it would.
// Order: idle → head → body → handling → idle …, or → streaming or lingering → closed.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Reactor& reactor, boost::asio::ip::tcp::socket socket);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();
    // The answer to the request that is being handled.
    void answer(const HttpResponse& response);
    // Answers what was read, then closes; a stream at once.
    void finish();
    void checkDeadline(SteadyTime now);

  private:
    enum class Phase { kIdle, kHead, kBody, kHandling, kStreaming, kLingering, kClosed };

    void waitToRead();
    void read();
    void readBody();
    void readRequests(std::string_view input);
    bool readRequest(std::string_view& input);
    void continueReading();
    void handle();
    void finishRequest(const HttpResponse& response);
    void refuse(const Refusal& refusal);
    void append(const HttpResponse& response, bool keep_alive);
    void proceed();
    void beginStream(const HttpResponse& response);
    void sendPieces();
    bool flush();
    void waitToWrite();
    void linger();
    void discard();
    void close();

    void enter(Phase phase, std::chrono::milliseconds time);
    void notePhase();
    void noteEndOfClient();
    bool tooSlow(SteadyTime now) const;
    bool isReading() const {
        return phase_ == Phase::kIdle || phase_ == Phase::kHead || phase_ == Phase::kBody;
    }

    // Constant after construction.
    Reactor& reactor_;
    const HttpServerOptions& options_;

    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<const bool> client_;  // see HttpRequest::client
    // A parser reads one request; it stays until the answer, for the sake of its share of the
    // budget for bodies.
    std::optional<RequestParser> parser_;
    std::string unread_;  // received, and not yet used by the parser
    std::string out_;     // to be written
    std::size_t out_written_ = 0;
    std::shared_ptr<HttpStream> stream_;  // what out_ goes on with; see HttpStream
    bool waiting_to_read_ = false;
    bool waiting_to_write_ = false;
    bool continue_sent_ = false;
    bool finishing_ = false;  // no further request is taken
    bool closing_ = false;    // after what is in out_

    Phase phase_ = Phase::kIdle;
    SteadyTime phase_since_;
    SteadyTime deadline_;
    SteadyTime write_stalled_since_;
};

}  // namespace footfall
