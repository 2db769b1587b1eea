#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "event_producer/behaviour.h"
#include "event_producer/delivery.h"
#include "event_producer/driver_run.h"
#include "event_producer/driver_summary.h"
#include "event_producer/event_log.h"
#include "event_producer/event_writer.h"
#include "event_producer/shopper.h"
#include "event_producer/waiter.h"
#include "event_producer/webhook_client.h"
#include "support/clock.h"
#include "support/mutex.h"
#include "support/random.h"
#include "support/result.h"
#include "support/retry.h"

namespace footfall {

struct DriverOptions {
    std::uint64_t users = 10'000;
    unsigned threads = 0;     // 0: one a core
    std::size_t batch = 100;  // events a request
    // Open loop: batches are due at this rate, whether or not earlier ones were answered.
    // nullopt: as fast as the answers come.
    std::optional<double> events_per_second;
    std::uint64_t seed = 42;
    std::optional<UtcTime> start;  // nullopt: the model's period before now
    DeliveryOptions delivery;
    std::string truth_file;   // "": none
    std::string output_file;  // "": none; a line an event sent, duplicates included

    BackoffOptions backoff;
    unsigned attempts_max = 20;                       // of one batch
    std::chrono::milliseconds give_up_after{60'000};  // since the first attempt of the batch
    // Called on the thread of run(), once a second while events are sent.
    std::function<void(const DriverSummary&)> on_progress;
};

// Driver: threads that play shoppers and send what they do to the webhook in batches. Thread t of n
//   plays the users t, t + n, t + 2n …; the events do not depend on n.
// Threads: run() from one, once; it starts the others.   Blocks: run() until all is sent or a stop.
// Lifetime: the model, the clock and the waiter outlive it.
// Errors of run: kInvalidArgument naming the option | what `connect` says | kIo of the files.
// Retries: 408, 429, 5xx and network errors with full jitter, not before Retry-After, always the
//   same bytes with the same ids. A batch that still fails after attempts_max or give_up_after ends
//   its thread's sending: the rest counts as undelivered. Any other answer but 2xx is final.
class Driver {
  public:
    Driver(DriverOptions options, const BehaviourModel& model, ConnectWebhook connect,
           const Clock& clock, Waiter& waiter);

    // The truth file first, then every event. After a stop no further shopper begins, and what was
    // in hand is sent without retries.
    [[nodiscard]] Result<DriverSummary> run(std::stop_token stop);

  private:
    // What one thread works with; only the summary is read by others.
    struct Lane {
        unsigned index = 0;
        std::unique_ptr<WebhookClient> client;
        Random backoff_random{0};
        SteadyTime due{};       // of the next batch, when there is a rate
        std::string batch;      // "[{…},{…}"
        std::string log_lines;  // the same, for the output file
        std::size_t batch_events = 0;
        bool gave_up = false;

        Mutex mutex;
        DriverSummary summary GUARDED_BY(mutex);
    };
    enum class Verdict { kDelivered, kRefused, kRetry };
    struct Outcome {
        Verdict verdict = Verdict::kDelivered;
        std::string reason;   // of a retry: "429", "503", "network"
        std::string problem;  // for a person
        std::optional<std::chrono::seconds> retry_after;
        std::uint64_t rejected_events = 0;
    };

    [[nodiscard]] Result<void> check() const;
    [[nodiscard]] Result<void> openFiles();
    [[nodiscard]] Result<void> openLanes();
    void play(std::stop_token stop);
    void reportProgress(std::stop_token finished);
    DriverSummary soFar();

    // Plays the shoppers of one thread as the behaviour model says, gathers their events into
    // batches, and sends each batch by eventWebhook().
    void generateEvent(Lane& lane, std::stop_token stop);
    void addToBatch(Lane& lane, const std::string& event, std::stop_token stop);
    // Sends the batch when it is due, retrying, logs the response time of every call, and leaves
    // the batch empty.
    void eventWebhook(Lane& lane, std::stop_token stop);
    SteadyTime::duration timeFor(std::size_t events) const;
    SteadyTime awaitTurn(Lane& lane, std::stop_token stop);
    Outcome sendWithRetries(Lane& lane, SteadyTime due, std::stop_token stop);
    bool awaitRetry(Lane& lane, const Outcome& outcome, unsigned attempt, SteadyTime deadline,
                    std::stop_token stop);
    Outcome callOnce(Lane& lane, SteadyTime due);
    static Outcome judge(const Result<WebhookAnswer>& answer);
    static void countBatch(Lane& lane, const Outcome& outcome);

    // constant after construction
    DriverOptions options_;
    const BehaviourModel& model_;
    ConnectWebhook connect_;
    const Clock& clock_;
    Waiter& waiter_;
    UtcTime start_;
    DriverRun run_;
    EventWriter writer_;

    // constant while the threads run
    SteadyTime began_{};
    std::vector<std::unique_ptr<Lane>> lanes_;

    // thread-safe by themselves
    EventLog output_;
    std::once_flag first_retry_said_;
};

}  // namespace footfall
