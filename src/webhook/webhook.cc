#include "webhook/webhook.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "support/random.h"
#include "webhook/webhook_answer.h"

namespace footfall {
namespace {

constexpr std::uint64_t kRetryAfterSecondsMax = 10;

bool isNdjson(const HttpRequest& request) {
    const std::string_view type = headerValue(request.headers, "Content-Type");
    return equalsIgnoringCase(type.substr(0, type.find_first_of("; \t")), "application/x-ndjson");
}

HttpServer::Handler always(std::function<HttpResponse()> answer) {
    return [answer = std::move(answer)](HttpRequest&&, const HttpServer::Respond& respond) {
        respond(answer());
    };
}

}  // namespace

Webhook::Webhook(EventParserOptions options, DurableQueue& queue, const Clock& clock,
                 Metrics& metrics, Warnings warnings)
    : queue_(queue),
      clock_(clock),
      metrics_(metrics),
      warnings_(std::move(warnings)),
      accepted_(metrics.counter("events_accepted_total", "Events answered with 202")),
      rejected_(metrics.counter("events_rejected_total", "Events refused for what they hold")),
      without_id_(metrics.counter("events_without_id_total", "Accepted events given an id here")),
      late_(metrics.counter("events_late_total", "Accepted events older than 30 days")),
      parsers_(std::move(options)) {}

void Webhook::addRoutes(Router& router) {
    for (const char* path : {"/webhook", "/webhook/"})
        router.add("POST", path, [this](HttpRequest&& request, HttpServer::Respond respond) {
            receive(std::move(request), std::move(respond));
        });
    router.add("GET", "/healthz", always([this] { return health(); }));
    router.add("GET", "/readyz", always([this] { return readiness(); }));
    router.add("GET", "/metrics", always([this] {
                   return HttpResponse{.status = 200,
                                       .content_type = "text/plain; version=0.0.4; charset=utf-8",
                                       .body = metrics_.render(),
                                       .headers = {}};
               }));
}

void Webhook::receive(HttpRequest&& request, HttpServer::Respond respond) {
    EventBatch batch;
    const Result<ParseOutcome> outcome =
        ParserPool::Loan(parsers_)->parse(request.body, isNdjson(request), clock_.utcNow(), batch);
    if (!outcome) return respond(answerTo(outcome.error()));
    if (outcome->accepted > 0) return submit(std::move(batch), *outcome, std::move(respond));
    queue_.addRejected(outcome->rejected);
    rejected_.Increment(outcome->rejected);
    respond(answerTo(*outcome));
}

// The answer waits for `done`: a 202 promises what the queue has promised, nothing earlier.
void Webhook::submit(EventBatch batch, const ParseOutcome& outcome, HttpServer::Respond respond) {
    const std::uint32_t without_id = batch.assigned_id_count;
    const std::uint32_t late = batch.late_count;
    queue_.submit(std::move(batch),
                  [=, this, taken = answerTo(outcome), accepted = outcome.accepted,
                   rejected = outcome.rejected,
                   respond = std::move(respond)](const Result<void>& done) mutable {
                      if (!done) return respond(answerFor(done));
                      accepted_.Increment(accepted);
                      rejected_.Increment(rejected);
                      without_id_.Increment(without_id);
                      late_.Increment(late);
                      respond(std::move(taken));
                  });
}

HttpResponse Webhook::answerFor(const Result<void>& done) {
    HttpResponse response =
        done.error().code == Code::kQueueFull
            ? errorResponse(429, "journal_full", "the journal is full; send the same events again")
            : errorResponse(503, "unavailable",
                            "events cannot be taken now; send the same events again");
    // Spread, so that clients that were refused together do not come back together.
    const std::uint64_t ticket = refused_count_.fetch_add(1, std::memory_order_relaxed);
    response.headers.emplace_back("Retry-After",
                                  std::to_string(1 + mixBits(ticket) % kRetryAfterSecondsMax));
    return response;
}

HttpResponse Webhook::health() const {
    const nlohmann::ordered_json body = {{"status", "ok"},
                                         {"durability", toString(queue_.durability())}};
    return {.status = 200, .body = body.dump(), .headers = {}};
}

HttpResponse Webhook::readiness() const {
    if (stopping_.load(std::memory_order_relaxed)) {
        const nlohmann::ordered_json body = {{"ready", false},
                                             {"reasons", {"the server is shutting down"}}};
        return {.status = 503, .body = body.dump(), .headers = {}};
    }
    const nlohmann::ordered_json body = {
        {"ready", true}, {"warnings", warnings_ ? warnings_() : std::vector<std::string>()}};
    return {.status = 200, .body = body.dump(), .headers = {}};
}

}  // namespace footfall
