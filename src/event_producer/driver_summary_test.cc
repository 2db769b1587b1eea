#include "event_producer/driver_summary.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

DriverSummary aRun() {
    DriverSummary summary;
    summary.users = 200'000;
    summary.events_sent = 1'234'567;
    summary.duplicates_sent = 12'000;
    summary.out_of_order_sent = 24'000;
    summary.events_delivered = 1'234'567;
    summary.requests = 12'346;
    summary.attempts = 12'349;
    summary.retries = {{"429", 2}, {"network", 1}};
    summary.elapsed = seconds(10);
    summary.service_times.record(milliseconds(2));
    summary.intended_times.record(milliseconds(8));
    return summary;
}

TEST(DriverSummary, tellsWhatWasSentAndHowLongTheAnswersTook) {
    EXPECT_EQ(renderSummary(aRun()),
              "1,234,567 events of 200,000 users sent in 10.0 s (123,456 events/s)\n"
              "  of them 12,000 duplicates, 24,000 out of order; every event was delivered\n"
              "  12,346 requests, 3 retries (429: 2, network: 1), 12,349 calls in all\n"
              "  response time       p50 2.00  p90 2.00  p99 2.00  p99.9 2.00  max 2.00 ms\n"
              "  since it was due    p50 8.00  p90 8.00  p99 8.00  p99.9 8.00  max 8.00 ms\n");
}

TEST(DriverSummary, saysAloudWhatWasNotStored) {
    DriverSummary summary = aRun();
    summary.events_rejected = 1;
    summary.events_undelivered = 1'000;
    summary.first_problem = "connection refused";

    EXPECT_NE(renderSummary(summary).find(
                  "NOT stored: 1 rejected as invalid, 0 refused, 1,000 not delivered\n"
                  "  first problem: connection refused"),
              std::string::npos);
}

TEST(DriverSummary, showsABarOnATerminalOnly) {
    EXPECT_EQ(renderProgress(aRun(), 400'000, /*terminal=*/true),
              "[############            ]  50 %  1,234,567 events, 123,456/s, p50 2.00 ms, "
              "p99 2.00 ms, 3 retries (429: 2, network: 1)");
    EXPECT_EQ(renderProgress(aRun(), 400'000, /*terminal=*/false).substr(0, 6), " 50 % ");
}

TEST(DriverSummary, addsUpItsThreads) {
    DriverSummary sum = aRun();

    sum += aRun();

    EXPECT_EQ(sum.attempts, 24'698u);
    EXPECT_EQ(sum.service_times.count(), 2u);
    EXPECT_EQ(sum.retryCount(), 6u);
    EXPECT_EQ(sum.elapsed, seconds(10));
}

}  // namespace
}  // namespace footfall
