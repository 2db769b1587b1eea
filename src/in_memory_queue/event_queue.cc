#include "in_memory_queue/event_queue.h"

#include <fmt/format.h>

#include "support/check.h"

namespace footfall {

QueuedBatch withoutRowsBefore(const QueuedBatch& queued, SequenceNumber from) {
    EventBatchBuilder builder;
    for (std::size_t row = from.value - queued.first.value; row < queued.batch.size(); ++row)
        builder.append(eventAt(queued.batch, row));
    EventBatch rest = builder.take();
    rest.received_at = queued.batch.received_at;
    rest.rejected_count = queued.batch.rejected_count;
    rest.assigned_id_count = queued.batch.assigned_id_count;
    rest.late_count = queued.batch.late_count;
    return {.first = from, .batch = std::move(rest)};
}

EventQueue::EventQueue(EventQueueOptions options, Metrics& metrics)
    : options_(options),
      events_gauge_(metrics.gauge("queue_events", "Events waiting in the queue.")),
      bytes_gauge_(metrics.gauge("queue_bytes", "Memory of the batches waiting in the queue.")),
      refused_(metrics.counter("queue_refused_total", "Pushes refused because it was full.")) {
    metrics.gauge("queue_events_max", "Bound of queue_events.")
        .Set(static_cast<double>(options_.events_max));
    metrics.gauge("queue_bytes_max", "Bound of queue_bytes.")
        .Set(static_cast<double>(options_.bytes_max));
}

Result<void> EventQueue::tryPush(QueuedBatch& batch) {
    CHECK(!batch.batch.empty(), "an empty batch is the mark of close()");
    if (closed()) return fail(Code::kClosed, "the queue is closed");
    if (!hasRoomFor(batch.batch)) return refuse();

    // Counted before it can be popped, so that the counts never go below zero.
    count(static_cast<std::int64_t>(batch.batch.size()),
          static_cast<std::int64_t>(batch.batch.bytes()));
    CHECK(batches_.enqueue(pusher_, std::move(batch)), "memory for the queue's next block");
    return {};
}

std::optional<QueuedBatch> EventQueue::pop(std::chrono::microseconds timeout) {
    QueuedBatch popped;
    // Once closed nothing is left to wait for: what is inside is there already.
    const bool found = closed() || timeout.count() <= 0
                           ? batches_.try_dequeue(popped)
                           : batches_.wait_dequeue_timed(popped, timeout);
    if (!found || popped.batch.empty()) return std::nullopt;
    count(-static_cast<std::int64_t>(popped.batch.size()),
          -static_cast<std::int64_t>(popped.batch.bytes()));
    return popped;
}

void EventQueue::close() {
    // Pairs with the load in closed(): who sees it sees every push before it.
    if (closed_.exchange(true, std::memory_order_release)) return;
    // An empty batch, after all others, wakes a consumer that waits.
    CHECK(batches_.enqueue(pusher_, QueuedBatch()), "memory for the queue's next block");
}

bool EventQueue::closed() const {
    return closed_.load(std::memory_order_acquire);  // pairs with close()
}

bool EventQueue::drained() const {
    return closed() && events() == 0;
}

std::size_t EventQueue::events() const {
    return events_.load(std::memory_order_relaxed);
}

std::size_t EventQueue::bytes() const {
    return bytes_.load(std::memory_order_relaxed);
}

bool EventQueue::hasRoomFor(const EventBatch& batch) const {
    if (events() == 0) return true;
    return events() + batch.size() <= options_.events_max &&
           bytes() + batch.bytes() <= options_.bytes_max;
}

std::unexpected<Error> EventQueue::refuse() {
    switch (options_.when_full) {
        case WhenFull::kRefuse:
            refused_.Increment();
            return fail(Code::kQueueFull, fmt::format("the queue holds {} events", events()));
    }
    CHECK(false, "every policy is handled");
}

void EventQueue::count(std::int64_t events, std::int64_t bytes) {
    events_.fetch_add(static_cast<std::size_t>(events), std::memory_order_relaxed);
    bytes_.fetch_add(static_cast<std::size_t>(bytes), std::memory_order_relaxed);
    events_gauge_.Increment(static_cast<double>(events));
    bytes_gauge_.Increment(static_cast<double>(bytes));
}

}  // namespace footfall
