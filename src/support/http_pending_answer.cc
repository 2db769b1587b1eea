#include "support/http_pending_answer.h"

#include <utility>

#include "support/check.h"
#include "support/http_connection.h"

namespace footfall {

thread_local const PendingAnswer* PendingAnswer::being_handled = nullptr;

PendingAnswer::PendingAnswer(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Connection> connection)
    : mailbox_(std::move(mailbox)), connection_(std::move(connection)) {}

PendingAnswer::~PendingAnswer() {
    if (!given_.load(std::memory_order_relaxed))
        give(errorResponse(500, "internal", "the request was dropped; this is a bug"));
}

void PendingAnswer::give(HttpResponse response) {
    CHECK(!given_.exchange(true, std::memory_order_relaxed), "a request is answered once");
    if (being_handled == this) {
        at_once_ = std::move(response);
        return;
    }
    mailbox_->post([connection = connection_, response = std::move(response)] {
        if (const auto alive = connection.lock()) alive->answer(response);
    });
}

std::optional<HttpResponse> PendingAnswer::askFor(const std::shared_ptr<PendingAnswer>& answer,
                                                  const HttpServer::Handler& handler,
                                                  HttpRequest request) {
    being_handled = answer.get();
    handler(std::move(request),
            [answer](HttpResponse response) { answer->give(std::move(response)); });
    being_handled = nullptr;
    return std::move(answer->at_once_);
}

}  // namespace footfall
