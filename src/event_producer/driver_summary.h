#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "event_producer/response_times.h"

namespace footfall {

// DriverSummary: what the Driver has done so far; of one thread, or of all after merging.
// Threads: a value.
// Holds: events_sent = delivered + refused + undelivered; requests + all retries = attempts =
// service_times.count().
struct DriverSummary {
    std::uint64_t users = 0;               // played to their end
    std::uint64_t events_sent = 0;         // handed to eventWebhook(), duplicates included
    std::uint64_t duplicates_sent = 0;     // of these, events that were sent before
    std::uint64_t out_of_order_sent = 0;   // of these, events behind a later one of their user
    std::uint64_t events_delivered = 0;    // in a batch that was answered 2xx
    std::uint64_t events_rejected = 0;     // of the delivered, those the webhook found invalid
    std::uint64_t events_refused = 0;      // in a batch that was answered by a final error
    std::uint64_t events_undelivered = 0;  // in a batch given up, or never sent after a stop
    std::uint64_t requests = 0;            // batches sent at least once
    std::uint64_t attempts = 0;            // calls, retries included
    std::map<std::string, std::uint64_t> retries;  // by reason: "429", "503", "network"
    std::string first_problem;                     // the first refusal, rejection or batch given up

    ResponseTimes service_times;   // of each attempt, from when it was sent
    ResponseTimes intended_times;  // of each attempt, from when its batch was due (open loop)
    std::chrono::nanoseconds elapsed{};

    DriverSummary& operator+=(const DriverSummary& other);
    std::uint64_t retryCount() const;
    double eventsPerSecond() const;
    // Every event reached the webhook and was valid.
    bool complete() const { return events_rejected + events_refused + events_undelivered == 0; }
};

// Several lines of plain text for the end of a run.
std::string renderSummary(const DriverSummary& summary);

// One line while it runs: a bar on a terminal, words elsewhere. Without a line break.
std::string renderProgress(const DriverSummary& so_far, std::uint64_t users, bool terminal);

}  // namespace footfall
