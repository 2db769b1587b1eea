#include "event_producer/driver.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "event_producer/truth.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_waiter.h"
#include "tests/fakes/fake_webhook.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

WebhookAnswer answer(unsigned status, std::string body = "{}") {
    return {.status = status, .retry_after = {}, .body = std::move(body)};
}

std::vector<std::string> sortedLines(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    std::ranges::sort(lines);
    return lines;
}

class DriverTest : public testing::Test {
  protected:
    DriverTest() : folder_(testing::TempDir() + "driver_test") {
        std::filesystem::create_directory(folder_);
    }
    ~DriverTest() override { std::filesystem::remove_all(folder_); }

    Result<DriverSummary> run(DriverOptions options, std::stop_token stop = {}) {
        Driver driver(std::move(options), defaultBehaviour(), webhook_.connect(), clock_, waiter_);
        return driver.run(stop);
    }
    // One thread and one batch, whose answers a test decides.
    DriverSummary sendOneBatch() { return *run({.users = 1, .threads = 1, .batch = 1'000}); }

    std::string folder_;
    FakeClock clock_;
    FakeWaiter waiter_{clock_};
    FakeWebhook webhook_{clock_, milliseconds(3)};
};

TEST_F(DriverTest, sendsTheSameEventsWithAnyNumberOfThreads) {
    const UtcTime start = clock_.utcNow() - std::chrono::days(40);
    std::vector<std::vector<std::string>> sent;
    for (const unsigned threads : {1u, 3u, 8u}) {
        const std::string path = folder_ + "/events.jsonl";
        const DriverSummary summary =
            *run({.users = 1'000, .threads = threads, .start = start, .output_file = path});
        sent.push_back(sortedLines(path));
        EXPECT_EQ(sent.back().size(), summary.events_sent);
    }

    EXPECT_GT(sent[0].size(), 5'000u);
    EXPECT_EQ(sent[0], sent[1]);
    EXPECT_EQ(sent[0], sent[2]);
}

TEST_F(DriverTest, sendsFromEachOfItsThreadsInFullBatchesOfWellFormedEvents) {
    const DriverSummary summary = *run({.users = 500, .threads = 8, .batch = 64});

    const std::vector<std::vector<std::string>> bodies = webhook_.bodies();
    ASSERT_EQ(bodies.size(), 8u);
    std::uint64_t requests = 0;
    std::uint64_t events_in_all = 0;
    for (const std::vector<std::string>& of_thread : bodies) {
        std::uint64_t events = 0;
        for (const std::string& body : of_thread) events += nlohmann::json::parse(body).size();
        EXPECT_GT(events, 0u);
        EXPECT_EQ(of_thread.size(), (events + 63) / 64);
        requests += of_thread.size();
        events_in_all += events;
    }
    EXPECT_EQ(summary.requests, requests);
    EXPECT_EQ(summary.events_sent, events_in_all);
    EXPECT_EQ(summary.events_delivered, events_in_all);
    EXPECT_EQ(summary.users, 500u);
    EXPECT_TRUE(summary.complete());
}

TEST_F(DriverTest, timesEveryAttemptAndNothingElse) {
    webhook_.answerNext(answer(503), 4);
    const DriverSummary summary = *run({.users = 200, .threads = 3, .batch = 50});

    EXPECT_EQ(summary.retryCount(), 4u);
    EXPECT_EQ(summary.attempts, summary.requests + 4);
    EXPECT_EQ(summary.service_times.count(), summary.attempts);
    EXPECT_EQ(summary.intended_times.count(), summary.attempts);
}

TEST_F(DriverTest, resendsTheSameBytesUntilTheyAreTaken) {
    webhook_.answerNext(answer(503));
    webhook_.answerNext(answer(429));
    webhook_.answerNext(fail(Code::kUnavailable, "connection refused"));
    webhook_.answerNext(answer(408));

    const DriverSummary summary = sendOneBatch();

    const std::vector<std::string> bodies = webhook_.bodies()[0];
    ASSERT_EQ(bodies.size(), 5u);
    EXPECT_EQ(std::ranges::count(bodies, bodies[0]), 5);
    EXPECT_THAT(summary.retries,
                testing::ElementsAre(testing::Pair("408", 1), testing::Pair("429", 1),
                                     testing::Pair("503", 1), testing::Pair("network", 1)));
    EXPECT_TRUE(summary.complete());
    EXPECT_EQ(summary.requests, 1u);
}

TEST_F(DriverTest, backsOffWithJitterWithinTheGrowingCeiling) {
    webhook_.answerNext(answer(500), 6);

    sendOneBatch();

    const std::vector<std::chrono::nanoseconds> waits = waiter_.waits();
    ASSERT_EQ(waits.size(), 6u);
    for (std::size_t retry = 0; retry < waits.size(); ++retry)
        EXPECT_LE(waits[retry], milliseconds(100) * (1 << retry));
    EXPECT_GT(*std::ranges::max_element(waits), milliseconds(100));
}

TEST_F(DriverTest, comesBackNoEarlierThanTheWebhookAsks) {
    webhook_.answerNext(WebhookAnswer{.status = 429, .retry_after = seconds(7), .body = ""});

    sendOneBatch();

    EXPECT_EQ(waiter_.waits(), std::vector<std::chrono::nanoseconds>{seconds(7)});
}

TEST_F(DriverTest, givesUpAfterItsTimeAndCountsWhatWasNotDelivered) {
    webhook_.answerNext(fail(Code::kUnavailable, "connection refused"), 1'000);

    const DriverSummary summary = *run({.users = 100, .threads = 1, .attempts_max = 5});

    EXPECT_EQ(summary.requests, 1u);
    EXPECT_EQ(summary.attempts, 5u);
    EXPECT_EQ(summary.events_delivered, 0u);
    EXPECT_EQ(summary.events_undelivered, summary.events_sent);
    EXPECT_GT(summary.events_undelivered, 400u);
    EXPECT_EQ(summary.first_problem, "connection refused");
    EXPECT_THAT(renderSummary(summary), HasSubstr("not delivered"));
}

TEST_F(DriverTest, doesNotWaitBeyondTheTimeToGiveUp) {
    webhook_.answerNext(WebhookAnswer{.status = 503, .retry_after = seconds(3'600), .body = ""});

    const DriverSummary summary = sendOneBatch();

    EXPECT_EQ(summary.attempts, 1u);
    EXPECT_TRUE(waiter_.waits().empty());
    EXPECT_EQ(summary.events_undelivered, summary.events_sent);
}

TEST_F(DriverTest, doesNotResendWhatWasRefusedAndGoesOnWithTheNext) {
    webhook_.answerNext(answer(400, "not JSON"));

    const DriverSummary summary = *run({.users = 100, .threads = 1, .batch = 100});

    EXPECT_EQ(summary.events_refused, 100u);
    EXPECT_EQ(summary.events_delivered, summary.events_sent - 100);
    EXPECT_EQ(summary.retryCount(), 0u);
    EXPECT_EQ(summary.first_problem, "the webhook answered 400: not JSON");
}

TEST_F(DriverTest, countsTheEventsThatTheWebhookFoundInvalid) {
    webhook_.answerNext(
        answer(202, R"({"received":9,"accepted":7,"rejected":2,"errors":["why"]})"));

    const DriverSummary summary = sendOneBatch();

    EXPECT_EQ(summary.events_rejected, 2u);
    EXPECT_EQ(summary.first_problem, "rejected: [\"why\"]");
    EXPECT_FALSE(summary.complete());
}

TEST_F(DriverTest, measuresFromWhenABatchWasDueWhenTheWebhookIsTooSlow) {
    // A batch of 10 is due each 1 ms, an answer takes 3 ms: the wait grows by 2 ms each.
    const DriverSummary summary =
        *run({.users = 100, .threads = 1, .batch = 10, .events_per_second = 10'000});

    EXPECT_EQ(summary.service_times.percentile(1), milliseconds(3));
    EXPECT_LT(summary.intended_times.percentile(0), milliseconds(4));
    EXPECT_EQ(summary.intended_times.percentile(1),
              milliseconds(3 + 2 * (static_cast<int>(summary.requests) - 1)));
}

TEST_F(DriverTest, waitsForItsTurnWhenTheWebhookIsFaster) {
    const DriverSummary summary =
        *run({.users = 100, .threads = 1, .batch = 10, .events_per_second = 100});

    EXPECT_EQ(summary.intended_times.percentile(1), milliseconds(3));
    EXPECT_EQ(summary.elapsed, milliseconds(100 * (summary.requests - 1) + 3));
}

TEST_F(DriverTest, writesTheTruthBeforeTheFirstEventLeaves) {
    const std::string path = folder_ + "/truth.json";
    bool there_at_first_post = false;
    class Client final : public WebhookClient {
      public:
        Client(const std::string& path, bool& there) : path_(path), there_(there) {}
        Result<WebhookAnswer> post(const std::string&) override {
            there_ = std::filesystem::exists(path_);
            return answer(202);
        }

      private:
        const std::string& path_;
        bool& there_;
    };
    const auto connect = [&]() -> Result<std::unique_ptr<WebhookClient>> {
        return std::make_unique<Client>(path, there_at_first_post);
    };
    const UtcTime start = clock_.utcNow() - std::chrono::days(28);
    Driver driver({.users = 10, .threads = 1, .batch = 5'000, .start = start, .truth_file = path},
                  defaultBehaviour(), connect, clock_, waiter_);

    ASSERT_TRUE(driver.run({}).has_value());

    EXPECT_TRUE(there_at_first_post);
    const DriverRun same(defaultBehaviour(), 42, start);
    std::ifstream file(path);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
              truthJson(makeTruth(defaultBehaviour(), same, 10, 1), defaultBehaviour()));
}

TEST_F(DriverTest, endsSoonAfterAStop) {
    std::stop_source stop;
    stop.request_stop();

    const DriverSummary summary = *run({.users = 1'000'000, .threads = 2}, stop.get_token());

    EXPECT_EQ(summary.events_sent, 0u);
}

TEST_F(DriverTest, reportsItsProgressEachSecondOnTheRealClock) {
    SystemClock clock;
    SystemWaiter waiter;
    std::vector<std::string> lines;
    // 60 users make some 360 events; at 200 a second that takes over a second.
    Driver driver({.users = 60,
                   .threads = 2,
                   .batch = 20,
                   .events_per_second = 200,
                   .on_progress =
                       [&](const DriverSummary& so_far) {
                           lines.push_back(renderProgress(so_far, 60, /*terminal=*/true));
                       }},
                  defaultBehaviour(), webhook_.connect(), clock, waiter);

    ASSERT_TRUE(driver.run({}).has_value());

    ASSERT_GE(lines.size(), 1u);
    EXPECT_THAT(lines[0], HasSubstr("###"));
}

TEST_F(DriverTest, namesTheOptionThatIsWrong) {
    const auto errorOf = [&](DriverOptions options) {
        return run(std::move(options)).error().what;
    };

    EXPECT_THAT(errorOf({.batch = 0}), HasSubstr("--batch"));
    EXPECT_THAT(errorOf({.events_per_second = 0}), HasSubstr("--rate"));
    EXPECT_THAT(errorOf({.delivery = {.duplicates = 2}}), HasSubstr("--duplicates"));
    EXPECT_THAT(errorOf({.delivery = {.out_of_order = -1}}), HasSubstr("--out-of-order"));
    EXPECT_THAT(errorOf({.threads = 5'000}), HasSubstr("--threads"));
    EXPECT_THAT(errorOf({.start = clock_.utcNow() - std::chrono::days(27)}),
                HasSubstr("--start must be at least 28 days ago"));
    EXPECT_THAT(errorOf({.output_file = "/no/such/folder/file"}), HasSubstr("/no/such/folder"));
}

}  // namespace
}  // namespace footfall
