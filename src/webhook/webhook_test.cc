#include "webhook/webhook.h"

#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "tests/fakes/raw_connection.h"
#include "tests/fakes/running_door.h"
#include "tests/json_cases.h"

namespace footfall {
namespace {

using nlohmann::json;

constexpr std::string_view kEvent =
    R"({"event_id":"e1","user_id":"u1","event_type":"access_app","city":"Pune"})";

std::string gzipped(std::string_view text) {
    std::string out(compressBound(text.size()) + 64, '\0');
    z_stream z{};
    deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

std::string request(std::string_view method, std::string_view path, std::string_view body = "",
                    std::string_view headers = "") {
    return fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}\r\n{}",
                       method, path, body.size(), headers, body);
}

// The webhook behind a real server, before a real queue that nobody empties.
class WebhookTest : public testing::Test {
  protected:
    explicit WebhookTest(EventQueueOptions queue_options = {}, JournalOptions journal = {})
        : queue_(queue_options, metrics_),
          door_(queue_, clock_, server_.scheduler(), metrics_, {}, std::move(journal)) {
        webhook_.addRoutes(router_);
        const auto started = server_.start();
        CHECK(started, "the server starts");
    }
    ~WebhookTest() override { server_.stop(std::chrono::seconds(10)); }

    RawAnswer ask(std::string_view bytes) {
        RawConnection connection(server_.port());
        connection.send(bytes);
        const auto answer = connection.read();
        CHECK(answer, "there is an answer");
        return *answer;
    }
    RawAnswer post(std::string_view body, std::string_view headers = "") {
        return ask(request("POST", "/webhook", body, headers));
    }
    static std::string codeOf(const RawAnswer& answer) {
        return json::parse(answer.body).at("error").at("code");
    }

    SystemClock clock_;
    Metrics metrics_;
    EventQueue queue_;
    Router router_;
    HttpServer server_{{.port = 0, .reactors = 2},
                       [this](HttpRequest&& request, HttpServer::Respond respond) {
                           router_.handle(std::move(request), std::move(respond));
                       },
                       metrics_};
    RunningDoor door_;
    Webhook webhook_{{.key = EventIdKey(1), .zone = TimeZone::utc()}, door_.door, clock_, metrics_};
};

TEST_F(WebhookTest, answers202OnceTheEventsAreInTheQueue) {
    const RawAnswer answer = post(fmt::format("[{},{}]", kEvent, kEvent));

    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.body, R"({"received":2,"accepted":2,"rejected":0,"errors":[]})");
    EXPECT_TRUE(answer.says("Content-Type: application/json\r\n"));
    EXPECT_TRUE(answer.says("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_TRUE(answer.says("Cache-Control: no-store\r\n"));
    EXPECT_EQ(queue_.events(), 2u);
}

TEST_F(WebhookTest, takesEveryFormOfARequest) {
    for (const std::string& body :
         {std::string(kEvent), fmt::format("[{}]", kEvent),
          fmt::format(R"({{"events":[{}]}})", kEvent), fmt::format("{}\n{}\n", kEvent, kEvent)})
        EXPECT_EQ(post(body).status, 202) << body;
    EXPECT_EQ(post(kEvent, "Content-Type: application/x-ndjson; charset=utf-8\r\n").status, 202);
    EXPECT_EQ(post(kEvent, "Content-Type: image/png\r\n").status, 202);
    EXPECT_EQ(ask(request("POST", "/webhook/", kEvent)).status, 202);
    EXPECT_EQ(ask(request("POST", "/webhook?source=x", kEvent)).status, 202);
}

TEST_F(WebhookTest, keepsTheGoodEventsBesideBadOnes) {
    const RawAnswer answer = post(fmt::format(R"([{},{{"user_id":"u2"}},7])", kEvent));

    EXPECT_EQ(answer.status, 202);
    const json body = json::parse(answer.body);
    EXPECT_EQ(body.at("received"), 3);
    EXPECT_EQ(body.at("accepted"), 1);
    EXPECT_EQ(body.at("rejected"), 2);
    ASSERT_EQ(body.at("errors").size(), 2u);
    EXPECT_EQ(body.at("errors")[0].at("index"), 1);
    EXPECT_EQ(body.at("errors")[0].at("code"), "missing_field");
    EXPECT_EQ(body.at("errors")[0].at("field"), "event_type");
    EXPECT_TRUE(body.at("errors")[0].at("message").is_string());
    const auto queued = queue_.pop(std::chrono::microseconds(0));
    ASSERT_TRUE(queued);
    EXPECT_EQ(queued->batch.rejected_count, 2u);
}

TEST_F(WebhookTest, answers422WhenNoEventIsValid) {
    const RawAnswer answer = post(R"([{"user_id":"u"},{}])");

    EXPECT_EQ(answer.status, 422);
    const json body = json::parse(answer.body);
    EXPECT_EQ(body.at("received"), 2);
    EXPECT_EQ(body.at("accepted"), 0);
    EXPECT_EQ(body.at("rejected"), 2);
    EXPECT_EQ(door_.door.takeRejected(), 2u);
    EXPECT_EQ(queue_.events(), 0u);
}

TEST_F(WebhookTest, answers422ToARequestWithoutEvents) {
    for (const char* body : {"[]", R"({"events":[]})"}) {
        const RawAnswer answer = post(body);

        EXPECT_EQ(answer.status, 422) << body;
        EXPECT_EQ(json::parse(answer.body).at("errors")[0].at("code"), "no_events");
        EXPECT_EQ(json::parse(answer.body).at("received"), 0);
    }
}

TEST_F(WebhookTest, answers400ToWhatIsNotJson) {
    for (const char* body : {"", "{", "[1,]", "\xff", "nonsense"}) {
        const RawAnswer answer = post(body);

        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(codeOf(answer), "malformed_json");
        EXPECT_FALSE(answer.says("Connection: close")) << "the framing was right";
    }
}

TEST_F(WebhookTest, agreesWithTheTableOfJsonTexts) {
    for (const JsonCase& c : readJsonCases()) {
        const int status = post(c.text).status;

        EXPECT_TRUE(!c.mustParse() || status != 400) << c.name;
        EXPECT_TRUE(!c.mustFail() || status == 400) << c.name;
        EXPECT_TRUE(status == 202 || status == 400 || status == 422) << c.name << " " << status;
    }
}

TEST_F(WebhookTest, answers404And405) {
    EXPECT_EQ(codeOf(ask(request("GET", "/nowhere"))), "not_found");
    EXPECT_EQ(ask(request("GET", "/nowhere")).status, 404);
    const RawAnswer wrong_method = ask(request("GET", "/webhook"));

    EXPECT_EQ(wrong_method.status, 405);
    EXPECT_EQ(codeOf(wrong_method), "method_not_allowed");
    EXPECT_TRUE(wrong_method.says("Allow: POST\r\n"));
    EXPECT_TRUE(ask(request("DELETE", "/healthz")).says("Allow: GET, HEAD\r\n"));
}

TEST_F(WebhookTest, answers411And415AndFramingErrors) {
    EXPECT_EQ(ask("POST /webhook HTTP/1.1\r\nHost: x\r\n\r\n").status, 411);
    EXPECT_EQ(post(kEvent, "Content-Encoding: br\r\n").status, 415);
    const RawAnswer framing = ask("POST /webhook HTTP/1.1\r\nHost : x\r\n\r\n");

    EXPECT_EQ(framing.status, 400);
    EXPECT_EQ(codeOf(framing), "malformed_request");
    EXPECT_TRUE(framing.says("Connection: close"));
}

TEST_F(WebhookTest, answers413ToTooManyEventsOrBytes) {
    std::string many = "[";
    for (int i = 0; i < 5'001; ++i) many += "{},";
    many.back() = ']';

    const RawAnswer too_many = post(many);
    const RawAnswer too_large =
        ask("POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5242881\r\n\r\n");

    EXPECT_EQ(too_many.status, 413);
    EXPECT_EQ(codeOf(too_many), "too_many_events");
    EXPECT_EQ(too_large.status, 413);
    EXPECT_EQ(codeOf(too_large), "body_too_large");
}

TEST_F(WebhookTest, takesGzip) {
    const RawAnswer one = post(gzipped(kEvent), "Content-Encoding: gzip\r\n");
    const RawAnswer members =
        post(gzipped("[") + gzipped(kEvent) + gzipped("]"), "Content-Encoding: x-gzip\r\n");
    const RawAnswer identity = post(kEvent, "Content-Encoding: identity\r\n");

    EXPECT_EQ(one.status, 202);
    EXPECT_EQ(members.status, 202);
    EXPECT_EQ(identity.status, 202);
}

TEST_F(WebhookTest, refusesGzipThatGrowsTooLargeOrIsBroken) {
    const std::string whole = gzipped(kEvent);
    const std::string bomb = gzipped(std::string(64 << 20, ' '));
    std::string damaged = whole;
    damaged[damaged.size() - 6] ^= 1;  // in the checksum

    EXPECT_EQ(post(bomb, "Content-Encoding: gzip\r\n").status, 413);
    EXPECT_EQ(post(whole.substr(0, whole.size() - 4), "Content-Encoding: gzip\r\n").status, 400);
    EXPECT_EQ(post(damaged, "Content-Encoding: gzip\r\n").status, 400);
    EXPECT_EQ(post(kEvent, "Content-Encoding: gzip\r\n").status, 400);
    EXPECT_EQ(post(whole + "garbage", "Content-Encoding: gzip\r\n").status, 400);
}

TEST_F(WebhookTest, answers503WithRetryAfterOnceTheQueueIsClosed) {
    door_.close();

    const RawAnswer answer = post(kEvent);

    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(codeOf(answer), "unavailable");
    EXPECT_TRUE(answer.says("Retry-After: "));
}

class FullQueueTest : public WebhookTest {
  protected:
    FullQueueTest() : WebhookTest({.events_max = 1}) {}
};

TEST_F(FullQueueTest, answers202BecauseTheJournalHasTheEventsThatTheQueueHasNoRoomFor) {
    ASSERT_EQ(post(kEvent).status, 202);

    EXPECT_EQ(post(kEvent).status, 202);

    EXPECT_EQ(queue_.events(), 1u);
}

class FullJournalTest : public WebhookTest {
  protected:
    FullJournalTest() : WebhookTest({}, {.segment_bytes = 64 << 10, .bytes_max = 128 << 10}) {}
};

TEST_F(FullJournalTest, answers429WithRetryAfterWhenTheJournalIsAtItsLimit) {
    std::string events(kEvent);
    for (int i = 1; i < 1'000; ++i) events += fmt::format(",{}", kEvent);
    RawAnswer answer = post("[" + events + "]");
    for (int i = 0; i < 100 && answer.status == 202; ++i) answer = post("[" + events + "]");

    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(codeOf(answer), "journal_full");
    const std::size_t at = answer.head.find("Retry-After: ");
    ASSERT_NE(at, std::string::npos);
    const int seconds = std::stoi(answer.head.substr(at + 13));
    EXPECT_GE(seconds, 1);
    EXPECT_LE(seconds, 30);
}

TEST_F(WebhookTest, tellsHowItIs) {
    const RawAnswer health = ask(request("GET", "/healthz"));
    const RawAnswer ready = ask(request("GET", "/readyz"));

    EXPECT_EQ(health.status, 200);
    EXPECT_EQ(health.body, R"({"status":"ok","durability":"fsync"})");
    EXPECT_EQ(ready.status, 200);
    EXPECT_EQ(ready.body, R"({"ready":true,"warnings":[]})");
}

TEST_F(WebhookTest, isNotReadyWhileStopping) {
    webhook_.announceStop();

    const RawAnswer ready = ask(request("GET", "/readyz"));

    EXPECT_EQ(ready.status, 503);
    EXPECT_EQ(json::parse(ready.body).at("reasons").size(), 1u);
    EXPECT_EQ(ask(request("GET", "/healthz")).status, 200);
}

TEST_F(WebhookTest, showsItsMetrics) {
    post(fmt::format("[{},{{}}]", kEvent));
    post("[{}]");

    const RawAnswer answer = ask(request("GET", "/metrics"));

    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find("footfall_events_accepted_total 1\n"), std::string::npos);
    EXPECT_NE(answer.body.find("footfall_events_rejected_total 2\n"), std::string::npos);
}

}  // namespace
}  // namespace footfall
