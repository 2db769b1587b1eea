#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace footfall {

struct WebhookAnswer {
    unsigned status = 0;
    std::optional<std::chrono::seconds> retry_after;
    std::string body;
};

// WebhookClient: one connection to the webhook; the seam that lets tests answer in its place.
// Threads: one at a time.   Blocks: post() until the answer or a timeout.
// Errors: kUnavailable | kDeadlineExceeded | kMalformed; the events may or may not have arrived.
class WebhookClient {
  public:
    virtual ~WebhookClient() = default;
    // `body`: a JSON array of events.
    [[nodiscard]] virtual Result<WebhookAnswer> post(const std::string& body) = 0;
};

// Makes a client; called once for each thread.
using ConnectWebhook = std::function<Result<std::unique_ptr<WebhookClient>>()>;

// Over HTTP to "http://localhost:8888/webhook". The URL is looked at when the client is made, the
// connection opens with the first post. `timeout`: of one call.
// Errors of a connect: kInvalidArgument naming what is wrong in the URL.
ConnectWebhook connectOverHttp(std::string url, std::chrono::milliseconds timeout);

}  // namespace footfall
