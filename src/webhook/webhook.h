#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "event/event_json.h"
#include "in_memory_queue/durable_queue.h"
#include "support/clock.h"
#include "support/http.h"
#include "support/metrics.h"
#include "webhook/parser_pool.h"
#include "webhook/router.h"

namespace footfall {

// Webhook: POST /webhook: reads the events of a request, hands the valid ones to the durable queue
// and answers once that is done. Also what tells whether it does: /healthz, /readyz, /metrics.
// Threads: all members, any thread; handlers run on the reactors.   Blocks: never.
// Errors: answers only, those of docs/api.md.   Durability: a 202 is sent after the queue's `done`.
// Outlives: the server's threads; `queue`, `clock` and `metrics` outlive it.
class Webhook {
  public:
    // Damage that was found and does not keep events out, in words; shown by /readyz.
    using Warnings = std::function<std::vector<std::string>()>;

    Webhook(EventParserOptions options, DurableQueue& queue, const Clock& clock, Metrics& metrics,
            Warnings warnings = {});
    void addRoutes(Router& router);
    // From now on /readyz says 503, so that nobody sends more; what comes is still taken.
    void announceStop() { stopping_.store(true, std::memory_order_relaxed); }

  private:
    void receive(HttpRequest&& request, HttpServer::Respond respond);
    void submit(EventBatch batch, const ParseOutcome& outcome, HttpServer::Respond respond);
    HttpResponse answerFor(const Result<void>& done);
    HttpResponse health() const;
    HttpResponse readiness() const;

    // Constant after construction.
    DurableQueue& queue_;
    const Clock& clock_;
    Metrics& metrics_;
    const Warnings warnings_;
    prometheus::Counter& accepted_;
    prometheus::Counter& rejected_;
    prometheus::Counter& without_id_;
    prometheus::Counter& late_;

    // Thread-safe by themselves.
    ParserPool parsers_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> refused_count_{0};
};

}  // namespace footfall
