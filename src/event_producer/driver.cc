#include "event_producer/driver.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "event_producer/truth.h"
#include "support/file.h"
#include "support/log.h"
#include "support/thread_name.h"

namespace footfall {
namespace {

constexpr std::size_t kBatchMax = 5'000;  // what the webhook takes in one request
constexpr unsigned kThreadsMax = 1'024;

bool isChance(double value) {
    return value >= 0 && value <= 1;
}

unsigned threadsOrCores(unsigned threads) {
    return threads > 0 ? threads : std::max(1u, std::thread::hardware_concurrency());
}

struct Rejections {
    std::uint64_t count = 0;
    std::string first;
};

// What the body of a 202 says about events that the webhook did not take.
Rejections rejectionsOf(const std::string& body) {
    const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("rejected")) return {};
    const auto& count = json["rejected"];
    if (!count.is_number_unsigned() || count == 0u) return {};
    return {.count = count.get<std::uint64_t>(),
            .first = fmt::format("rejected: {}", json.value("errors", nlohmann::json()).dump())};
}

}  // namespace

Driver::Driver(DriverOptions options, const BehaviourModel& model, ConnectWebhook connect,
               const Clock& clock, Waiter& waiter)
    : options_(std::move(options)),
      model_(model),
      connect_(std::move(connect)),
      clock_(clock),
      waiter_(waiter),
      start_(options_.start.value_or(clock.utcNow() - model.period)),
      run_(model, options_.seed, start_),
      writer_(model, run_) {
    options_.threads = threadsOrCores(options_.threads);
}

Result<DriverSummary> Driver::run(std::stop_token stop) {
    if (Result<void> checked = check(); !checked) return std::unexpected(checked.error());
    if (Result<void> opened = openLanes(); !opened) return std::unexpected(opened.error());
    if (Result<void> opened = openFiles(); !opened) return std::unexpected(opened.error());

    play(stop);

    DriverSummary summary = soFar();
    if (output_.isOpen())
        if (Result<void> closed = output_.close(); !closed) return std::unexpected(closed.error());
    return summary;
}

Result<void> Driver::check() const {
    const auto refuse = [](std::string what) {
        return fail(Code::kInvalidArgument, std::move(what));
    };
    if (options_.threads > kThreadsMax)
        return refuse(fmt::format("--threads must be at most {}", kThreadsMax));
    if (options_.batch < 1 || options_.batch > kBatchMax)
        return refuse(fmt::format("--batch must be from 1 to {} events", kBatchMax));
    if (options_.events_per_second && !(*options_.events_per_second > 0))
        return refuse("--rate must be above 0, or max");
    if (!isChance(options_.delivery.duplicates)) return refuse("--duplicates must be from 0 to 1");
    if (!isChance(options_.delivery.out_of_order))
        return refuse("--out-of-order must be from 0 to 1");
    if (start_ + model_.period > clock_.utcNow())
        return refuse(fmt::format("--start must be at least {} days ago: nothing lies after now",
                                  model_.period.count()));
    return {};
}

// The truth is on disk before the first event leaves.
Result<void> Driver::openFiles() {
    if (!options_.truth_file.empty()) {
        const Truth truth = makeTruth(model_, run_, options_.users, options_.threads);
        Result<void> written =
            PosixFileSystem().replace(options_.truth_file, truthJson(truth, model_));
        if (!written) return written;
    }
    return options_.output_file.empty() ? Result<void>() : output_.open(options_.output_file);
}

Result<void> Driver::openLanes() {
    for (unsigned index = 0; index < options_.threads; ++index) {
        Result<std::unique_ptr<WebhookClient>> client = connect_();
        if (!client) return std::unexpected(std::move(client.error()));
        auto lane = std::make_unique<Lane>();
        lane->index = index;
        lane->client = *std::move(client);
        lane->backoff_random = Random::of(options_.seed, index);
        lanes_.push_back(std::move(lane));
    }
    return {};
}

void Driver::play(std::stop_token stop) {
    began_ = clock_.steadyNow();
    std::atomic<std::size_t> playing = lanes_.size();
    std::stop_source finished;
    std::vector<std::jthread> threads;
    for (const std::unique_ptr<Lane>& lane : lanes_) {
        // The threads take turns, so that their batches do not arrive at once.
        lane->due = began_ + timeFor(lane->index * options_.batch);
        threads.emplace_back([this, &lane = *lane, &playing, &finished, stop] {
            nameThisThread("driver");
            generateEvent(lane, stop);
            if (playing.fetch_sub(1) == 1) finished.request_stop();
        });
    }
    if (options_.on_progress) reportProgress(finished.get_token());
}

void Driver::reportProgress(std::stop_token finished) {
    for (SteadyTime next = began_; !finished.stop_requested();) {
        next += std::chrono::seconds(1);
        waiter_.waitUntil(next, finished);
        if (!finished.stop_requested()) options_.on_progress(soFar());
    }
}

DriverSummary Driver::soFar() {
    DriverSummary sum;
    for (const std::unique_ptr<Lane>& lane : lanes_) {
        const MutexLock lock(lane->mutex);
        sum += lane->summary;
    }
    sum.elapsed = clock_.steadyNow() - began_;
    return sum;
}

void Driver::generateEvent(Lane& lane, std::stop_token stop) {
    Shopper shopper;
    Delivery delivery;
    std::string event;
    for (std::uint64_t user = lane.index; user < options_.users; user += options_.threads) {
        if (stop.stop_requested()) break;
        playShopper(model_, options_.seed, user, shopper);
        planDelivery(options_.delivery, options_.seed, user,
                     static_cast<std::uint32_t>(shopper.events.size()), delivery);
        for (const std::uint32_t event_index : delivery.event_indexes) {
            event.clear();
            writer_.append(shopper, event_index, event);
            addToBatch(lane, event, stop);
        }
        const MutexLock lock(lane.mutex);
        ++lane.summary.users;
        lane.summary.duplicates_sent += delivery.duplicate_count;
        lane.summary.out_of_order_sent += delivery.out_of_order_count;
    }
    if (lane.batch_events > 0) eventWebhook(lane, stop);
}

void Driver::addToBatch(Lane& lane, const std::string& event, std::stop_token stop) {
    lane.batch += lane.batch_events == 0 ? '[' : ',';
    lane.batch += event;
    ++lane.batch_events;
    if (output_.isOpen()) lane.log_lines.append(event).push_back('\n');
    if (lane.batch_events == options_.batch) eventWebhook(lane, stop);
}

void Driver::eventWebhook(Lane& lane, std::stop_token stop) {
    lane.batch += ']';
    if (lane.gave_up) {
        countBatch(lane, {.verdict = Verdict::kRetry});
    } else {
        if (output_.isOpen()) output_.append(lane.log_lines);
        const SteadyTime due = awaitTurn(lane, stop);
        const Outcome outcome = sendWithRetries(lane, due, stop);
        lane.gave_up = outcome.verdict == Verdict::kRetry;
        countBatch(lane, outcome);
    }
    lane.batch.clear();
    lane.log_lines.clear();
    lane.batch_events = 0;
}

// Waits until the batch is due and says when that was.
SteadyTime Driver::awaitTurn(Lane& lane, std::stop_token stop) {
    if (!options_.events_per_second) return clock_.steadyNow();
    const SteadyTime due = lane.due;
    lane.due += timeFor(lane.batch_events * options_.threads);
    waiter_.waitUntil(due, stop);
    return due;
}

// At the rate that was asked for.
SteadyTime::duration Driver::timeFor(std::size_t events) const {
    const double rate = options_.events_per_second.value_or(HUGE_VAL);
    return std::chrono::round<SteadyTime::duration>(
        std::chrono::duration<double>(static_cast<double>(events) / rate));
}

// Verdict kRetry: given up.
Driver::Outcome Driver::sendWithRetries(Lane& lane, SteadyTime due, std::stop_token stop) {
    const SteadyTime deadline = clock_.steadyNow() + options_.give_up_after;
    {
        const MutexLock lock(lane.mutex);
        ++lane.summary.requests;
    }
    for (unsigned attempt = 1;; ++attempt) {
        Outcome outcome = callOnce(lane, due);
        if (outcome.verdict != Verdict::kRetry) return outcome;
        if (!awaitRetry(lane, outcome, attempt, deadline, stop)) return outcome;
    }
}

// False: no further attempt.
bool Driver::awaitRetry(Lane& lane, const Outcome& outcome, unsigned attempt, SteadyTime deadline,
                        std::stop_token stop) {
    const std::chrono::nanoseconds delay = std::max<std::chrono::nanoseconds>(
        backoffDelay(options_.backoff, attempt, lane.backoff_random),
        outcome.retry_after.value_or(std::chrono::seconds(0)));
    const SteadyTime next = clock_.steadyNow() + delay;
    if (attempt >= options_.attempts_max || next > deadline) return false;
    // Said once: whoever has forgotten to start the server shall not wait for the end to learn it.
    std::call_once(first_retry_said_, [&outcome] {
        spdlog::warn("{}; trying again (said once)", forLog(outcome.problem));
    });
    waiter_.waitUntil(next, stop);
    if (stop.stop_requested()) return false;
    const MutexLock lock(lane.mutex);
    ++lane.summary.retries[outcome.reason];
    return true;
}

Driver::Outcome Driver::callOnce(Lane& lane, SteadyTime due) {
    const SteadyTime sent = clock_.steadyNow();
    const Result<WebhookAnswer> answer = lane.client->post(lane.batch);
    const SteadyTime answered = clock_.steadyNow();
    spdlog::debug("webhook: {} events, {}, {:.3f} ms", lane.batch_events,
                  answer ? std::to_string(answer->status) : answer.error().what,
                  std::chrono::duration<double, std::milli>(answered - sent).count());
    {
        const MutexLock lock(lane.mutex);
        ++lane.summary.attempts;
        lane.summary.service_times.record(answered - sent);
        lane.summary.intended_times.record(answered - due);
    }
    return judge(answer);
}

Driver::Outcome Driver::judge(const Result<WebhookAnswer>& answer) {
    if (!answer)
        return {.verdict = Verdict::kRetry, .reason = "network", .problem = answer.error().what};
    const unsigned status = answer->status;
    if (status >= 200 && status < 300) {
        Rejections rejections = rejectionsOf(answer->body);
        return {.verdict = Verdict::kDelivered,
                .problem = std::move(rejections.first),
                .rejected_events = rejections.count};
    }
    const bool passing = status == 408 || status == 429 || status >= 500;
    return {.verdict = passing ? Verdict::kRetry : Verdict::kRefused,
            .reason = std::to_string(status),
            .problem = fmt::format("the webhook answered {}: {}", status, answer->body),
            .retry_after = answer->retry_after};
}

void Driver::countBatch(Lane& lane, const Outcome& outcome) {
    const MutexLock lock(lane.mutex);
    DriverSummary& summary = lane.summary;
    summary.events_sent += lane.batch_events;
    summary.events_rejected += outcome.rejected_events;
    if (summary.first_problem.empty()) summary.first_problem = forLog(outcome.problem);
    switch (outcome.verdict) {
        case Verdict::kDelivered:
            summary.events_delivered += lane.batch_events;
            break;
        case Verdict::kRefused:
            summary.events_refused += lane.batch_events;
            break;
        case Verdict::kRetry:
            summary.events_undelivered += lane.batch_events;
            break;
    }
}

}  // namespace footfall
