#include "main/webhook_sender.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

constexpr std::chrono::seconds kAnswerTimeout{15};
constexpr BackoffOptions kBackoff{.base = std::chrono::milliseconds(50),
                                  .max = std::chrono::milliseconds(5'000)};

bool isWorthRetrying(const Result<HttpResponse>& response) {
    if (!response) return response.error().code != Code::kInvalidArgument;
    return response->status == 408 || response->status == 429 || response->status >= 500;
}

std::string saidBy(const Result<HttpResponse>& response) {
    return response ? fmt::format("the server answered {}: {}", response->status, response->body)
                    : response.error().what;
}

// 202 and 422 have the same shape: both say what became of each event.
Result<RowsAnswer> answerOf(const Result<HttpResponse>& response) {
    if (!response) return std::unexpected(response.error());
    if (response->status != 202 && response->status != 422)
        return fail(Code::kMalformed, saidBy(response));
    const auto json = nlohmann::json::parse(response->body, nullptr, false);
    if (!json.is_object() || !json.contains("accepted") || !json.contains("rejected"))
        return fail(Code::kMalformed, saidBy(response));
    RowsAnswer answer{.accepted = json["accepted"].get<std::uint64_t>(),
                      .rejected = json["rejected"].get<std::uint64_t>(),
                      .rejections = {}};
    for (const auto& error : json.value("errors", nlohmann::json::array()))
        answer.rejections.push_back(
            {error.at("index").get<std::uint64_t>(), error.at("message").get<std::string>()});
    return answer;
}

}  // namespace

Result<WebhookSender> WebhookSender::create(const std::string& base_url, const Clock& clock) {
    auto client = HttpClient::create(base_url);
    if (!client) return std::unexpected(std::move(client.error()));
    return WebhookSender(std::move(*client), clock);
}

WebhookSender::WebhookSender(HttpClient client, const Clock& clock)
    : client_(std::move(client)), clock_(clock) {}

// Retry-After is the server's word on it; otherwise full jitter.
std::chrono::nanoseconds WebhookSender::pauseBefore(unsigned attempt,
                                                    const Result<HttpResponse>& response) {
    const std::chrono::nanoseconds backoff = backoffDelay(kBackoff, attempt, random_);
    if (!response) return backoff;
    const std::string_view text = headerValue(response->headers, "Retry-After");
    unsigned seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::max<std::chrono::nanoseconds>(backoff, std::chrono::seconds(seconds));
}

Result<RowsAnswer> WebhookSender::send(std::string ndjson) {
    const HttpRequest request{.method = "POST",
                              .target = "/webhook",
                              .headers = {{"Content-Type", "application/x-ndjson"}},
                              .body = std::move(ndjson)};
    const SteadyTime give_up_at = clock_.steadyNow() + kGiveUpAfter;
    for (unsigned attempt = 1;; ++attempt) {
        const auto response = client_.send(request, kAnswerTimeout);
        if (!isWorthRetrying(response)) return answerOf(response);
        const auto pause = pauseBefore(attempt, response);
        if (clock_.steadyNow() + pause > give_up_at)
            return fail(Code::kUnavailable,
                        fmt::format("given up after {} attempts: {}", attempt, saidBy(response)));
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace footfall
