#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "support/http_reactor.h"

namespace footfall {

// PendingAnswer: the answer that a handler owes to a connection. Its copies live in whatever
// threads the handler uses.
// Threads: all members, any thread.   Errors: destroyed without an answer it answers 500.
class PendingAnswer {
  public:
    PendingAnswer(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Connection> connection);
    ~PendingAnswer();
    PendingAnswer(const PendingAnswer&) = delete;
    PendingAnswer& operator=(const PendingAnswer&) = delete;

    // Runs the handler on this thread; the answer, if it came on the same call. One that comes
    // later goes to Connection::answer().
    static std::optional<HttpResponse> askFor(const std::shared_ptr<PendingAnswer>& answer,
                                              const HttpServer::Handler& handler,
                                              HttpRequest request);

  private:
    void give(HttpResponse response);

    // The answer whose handler runs on this thread now: it needs no way through the mailbox.
    static thread_local const PendingAnswer* being_handled;

    const std::shared_ptr<Mailbox> mailbox_;
    const std::weak_ptr<Connection> connection_;
    std::atomic<bool> given_{false};
    std::optional<HttpResponse> at_once_;  // used on the reactor's thread only
};

}  // namespace footfall
