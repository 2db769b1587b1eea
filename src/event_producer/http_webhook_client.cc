#include <charconv>
#include <utility>

#include "event_producer/webhook_client.h"
#include "support/http.h"

namespace footfall {
namespace {

// Only the form in seconds; the form as a date is left to our own back-off.
std::optional<std::chrono::seconds> retryAfter(const HttpResponse& response) {
    const std::string_view text = headerValue(response.headers, "Retry-After");
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return std::chrono::seconds(seconds);
}

class HttpWebhookClient final : public WebhookClient {
  public:
    HttpWebhookClient(HttpClient client, std::string target, std::chrono::milliseconds timeout)
        : client_(std::move(client)), timeout_(timeout) {
        request_.method = "POST";
        request_.target = std::move(target);
        request_.headers = {{"Content-Type", "application/json"}};
    }

    Result<WebhookAnswer> post(const std::string& body) override {
        request_.body = body;
        Result<HttpResponse> response = client_.send(request_, timeout_);
        if (!response) return std::unexpected(std::move(response.error()));
        return WebhookAnswer{.status = response->status,
                             .retry_after = retryAfter(*response),
                             .body = std::move(response->body)};
    }

  private:
    HttpClient client_;
    HttpRequest request_;
    std::chrono::milliseconds timeout_;
};

// "http://host:8888" and "/webhook". Without a path: "/".
std::pair<std::string, std::string> splitUrl(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t path = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
    if (path == std::string::npos) return {url, "/"};
    return {url.substr(0, path), url.substr(path)};
}

}  // namespace

ConnectWebhook connectOverHttp(std::string url, std::chrono::milliseconds timeout) {
    return [url = std::move(url), timeout]() -> Result<std::unique_ptr<WebhookClient>> {
        auto [base, target] = splitUrl(url);
        Result<HttpClient> client = HttpClient::create(base);
        if (!client) return std::unexpected(std::move(client.error()));
        return std::make_unique<HttpWebhookClient>(*std::move(client), std::move(target), timeout);
    };
}

}  // namespace footfall
