#include "in_memory_queue/durable_queue.h"

#include <algorithm>

#include "support/check.h"

namespace footfall {

DurableQueue::DurableQueue(Options options, EventQueue& queue, SequenceNumber next,
                           const Clock& clock, Scheduler& scheduler, Metrics& metrics)
    : options_(options),
      queue_(queue),
      clock_(clock),
      scheduler_(scheduler),
      attempts_(metrics.counter("push_attempts_total", "Pushes into the queue that were tried.")),
      retries_(metrics.counter("push_retries_total", "Those of the attempts after the first.")),
      refused_at_deadline_(metrics.counter("push_refused_total", "Batches never pushed, by reason.",
                                           {{"reason", "deadline"}})),
      refused_for_memory_(metrics.counter("push_refused_total", "Batches never pushed, by reason.",
                                          {{"reason", "memory"}})),
      waiting_gauge_(metrics.gauge("push_waiting_bytes", "Batches whose push is being retried.")),
      next_(next),
      random_(options.random_seed) {
    CHECK(next.value >= 1, "the first event ever has number 1");
}

void DurableQueue::submit(EventBatch batch, SteadyTime deadline, Done done) {
    CHECK(!batch.empty(), "a request without a valid event is answered by the webhook");
    const std::size_t bytes = batch.bytes();
    attempt({.queued = {.first = {}, .batch = std::move(batch)},
             .deadline = deadline,
             .done = std::move(done),
             .attempts = 0,
             .bytes = bytes});
}

void DurableQueue::attempt(Waiting waiting) {
    Result<void> outcome;
    std::optional<Ticket> ticket;
    std::chrono::nanoseconds delay{};
    {
        const MutexLock lock(mutex_);
        outcome = push(waiting);
        if (!outcome && mayRetry(outcome.error().code, waiting)) {
            delay = delayBeforeRetry(waiting);
            ticket = keep(std::move(waiting));
        }
    }
    if (ticket)
        scheduler_.runAfter(delay, [this, id = *ticket] { retry(id); });
    else
        // NOLINTNEXTLINE(bugprone-use-after-move): it was moved only where there is a ticket.
        waiting.done(std::move(outcome));
}

void DurableQueue::retry(Ticket ticket) {
    std::optional<Waiting> waiting = takeBack(ticket);
    if (!waiting) return;  // close() has answered it
    retries_.Increment();
    attempt(std::move(*waiting));
}

Result<void> DurableQueue::push(Waiting& waiting) {
    attempts_.Increment();
    ++waiting.attempts;
    waiting.queued.first = next_;
    const SequenceNumber after = next_ + waiting.queued.batch.size();
    Result<void> pushed = queue_.tryPush(waiting.queued);
    if (pushed) next_ = after;  // a number is used up by a push that succeeded only: no gaps
    return pushed;
}

bool DurableQueue::mayRetry(Code code, const Waiting& waiting) {
    if (!isRetryable(code)) return false;
    if (clock_.steadyNow() >= waiting.deadline) {
        refused_at_deadline_.Increment();
        return false;
    }
    // Asked of newcomers only: who waits already was counted in before.
    if (waiting.attempts == 1 && waiting_bytes_ + waiting.bytes > options_.waiting_bytes_max) {
        refused_for_memory_.Increment();
        return false;
    }
    return true;
}

std::chrono::nanoseconds DurableQueue::delayBeforeRetry(const Waiting& waiting) {
    const std::chrono::nanoseconds left = waiting.deadline - clock_.steadyNow();
    return std::min(left, backoffDelay(options_.backoff, waiting.attempts, random_));
}

DurableQueue::Ticket DurableQueue::keep(Waiting waiting) {
    const Ticket ticket = next_ticket_++;
    waiting_bytes_ += waiting.bytes;
    waiting_gauge_.Set(static_cast<double>(waiting_bytes_));
    waiting_.emplace(ticket, std::move(waiting));
    return ticket;
}

std::optional<DurableQueue::Waiting> DurableQueue::takeBack(Ticket ticket) {
    const MutexLock lock(mutex_);
    auto found = waiting_.extract(ticket);
    if (found.empty()) return std::nullopt;
    waiting_bytes_ -= found.mapped().bytes;
    waiting_gauge_.Set(static_cast<double>(waiting_bytes_));
    return std::move(found.mapped());
}

void DurableQueue::addRejected(std::uint64_t count) {
    rejected_.fetch_add(count, std::memory_order_relaxed);
}

std::uint64_t DurableQueue::takeRejected() {
    return rejected_.exchange(0, std::memory_order_relaxed);
}

SequenceNumber DurableQueue::lastAccepted() const {
    const MutexLock lock(mutex_);
    return {next_.value - 1};
}

void DurableQueue::close() {
    std::unordered_map<Ticket, Waiting> refused;
    {
        const MutexLock lock(mutex_);
        queue_.close();
        refused.swap(waiting_);
        waiting_bytes_ = 0;
        waiting_gauge_.Set(0);
    }
    for (auto& [ticket, waiting] : refused)
        waiting.done(fail(Code::kClosed, "the server is shutting down"));
}

}  // namespace footfall
