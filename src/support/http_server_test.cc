#include <future>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/http.h"
#include "support/mutex.h"
#include "tests/fakes/raw_connection.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;
using namespace std::string_literals;

// Answers each request with its method, target, padding and body, so that a test sees what was
// read.
void echo(HttpRequest&& request, const HttpServer::Respond& respond) {
    const bool padded =
        request.body.empty() || request.body.capacity() >= request.body.size() + kBodyPaddingBytes;
    respond({.status = 200,
             .content_type = "text/plain",
             .body = fmt::format("{} {}{} {}", request.method, request.target,
                                 padded ? "" : " NOT PADDED", request.body),
             .headers = {}});
}

// A server on a free port, started.
struct TestServer {
    explicit TestServer(HttpServer::Handler handler = echo, HttpServerOptions options = {})
        : server(withFreePort(std::move(options)), std::move(handler), metrics) {
        const auto started = server.start();
        CHECK(started, "the test's server starts");
    }
    static HttpServerOptions withFreePort(HttpServerOptions options) {
        options.port = 0;
        options.reactors = 2;
        return options;
    }
    HttpClient client() const {
        return std::move(*HttpClient::create(fmt::format("http://localhost:{}", server.port())));
    }

    Metrics metrics;
    HttpServer server;
};

std::string post(std::string_view body, std::string_view more_headers = "") {
    return fmt::format("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n{}", body.size(),
                       more_headers, body);
}

// The status that the first bytes of a new connection get; 0 when it just ends.
int statusFor(const TestServer& server, std::string_view bytes) {
    RawConnection connection(server.server.port());
    connection.send(bytes);
    connection.endSending();
    const auto answer = connection.read();
    return answer ? answer->status : 0;
}

TEST(HttpServer, answersTheClientOverOneConnection) {
    const TestServer server;
    HttpClient client = server.client();

    for (int i = 0; i < 3; ++i) {
        const auto answer = client.send(
            {.method = "POST", .target = "/a?b", .headers = {}, .body = fmt::format("n{}", i)},
            milliseconds(5000));

        ASSERT_TRUE(answer) << answer.error().what;
        EXPECT_EQ(answer->body, fmt::format("POST /a?b n{}", i));
        EXPECT_EQ(answer->content_type, "text/plain");
    }
}

TEST(HttpServer, listensOnBothAddressesOfLocalhost) {
    const TestServer server;
    auto over_v6 = HttpClient::create(fmt::format("http://[::1]:{}", server.server.port()));

    const auto answer = over_v6->send({}, milliseconds(5000));

    // A machine without ::1 is allowed; a wrong answer is not.
    if (answer) {
        EXPECT_EQ(answer->status, 200u);
    } else {
        EXPECT_EQ(answer.error().code, Code::kUnavailable);
    }
}

TEST(HttpServer, refusesHostsThatAreNotThisMachine) {
    Metrics metrics;
    for (const char* host : {"0.0.0.0", "192.168.1.1", "example.com", "", "::"}) {
        HttpServer server({.host = host, .port = 0}, echo, metrics);

        const auto started = server.start();

        ASSERT_FALSE(started) << host;
        EXPECT_EQ(started.error().code, Code::kInvalidArgument);
    }
}

TEST(HttpServer, saysThatThePortIsTaken) {
    const TestServer first;
    Metrics metrics;
    HttpServer second({.port = first.server.port()}, echo, metrics);

    const auto started = second.start();

    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::kUnavailable);
    EXPECT_NE(started.error().what.find("is taken"), std::string::npos) << started.error().what;
}

struct FramingCase {
    const char* name;
    int status;
    std::string bytes;
};

// After the cases of uNetworking/h1spec, and RFC 9112 sections 2 to 7.
std::vector<FramingCase> framingCases() {
    const std::string get = "GET / HTTP/1.1\r\n";
    const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string posted = "POST / HTTP/1.1\r\nHost: x\r\n";
    return {
        {"a request", 200, get + "Host: x\r\n\r\n"},
        {"an empty line before it", 200, "\r\n" + get + "Host: x\r\n\r\n"},
        {"an absolute target", 200, "GET http://x/y HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"an empty header", 200, get + "Host: x\r\nX-Empty:\r\n\r\n"},
        {"white space around a value", 200, get + "Host: \t x \t\r\n\r\n"},
        {"a header without space", 200, get + "Host:x\r\n\r\n"},
        {"bytes over 127 in a value", 200, get + "Host: x\r\nX-Name: caf\xc3\xa9\r\n\r\n"},
        {"HTTP/1.0 without Host", 200, "GET / HTTP/1.0\r\n\r\n"},
        {"an unknown method", 200, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a body", 200, posted + "Content-Length: 2\r\n\r\nhi"},
        {"an empty body", 200, posted + "Content-Length: 0\r\n\r\n"},
        {"chunks", 200, chunked + "2\r\nhi\r\n0\r\n\r\n"},
        {"chunk sizes with zeros, in capitals", 200, chunked + "00A\r\n0123456789\r\n000\r\n\r\n"},
        {"a chunk extension", 200, chunked + "2;a=b\r\nhi\r\n0\r\n\r\n"},
        {"trailers", 200, chunked + "2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n"},
        {"chunked in capitals", 200,
         posted + "Transfer-Encoding: CHUNKED\r\n\r\n2\r\nhi\r\n0\r\n\r\n"},

        {"no version", 400, "GET /\r\nHost: x\r\n\r\n"},
        {"HTTP/2", 400, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"},
        {"HTTP/1.10", 400, "GET / HTTP/1.10\r\nHost: x\r\n\r\n"},
        {"http in small letters", 400, "GET / http/1.1\r\nHost: x\r\n\r\n"},
        {"no target", 400, "GET  HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a target that is no path", 400, "GET x HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a space in the target", 400, "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a space before the method", 400, " GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a control character in the method", 400, "G\x01T / HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a tab after the method", 400, "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"no Host", 400, get + "\r\n"},
        {"two Hosts", 400, get + "Host: x\r\nHost: x\r\n\r\n"},
        {"a Host with a path", 400, get + "Host: x/y\r\n\r\n"},
        {"a Host of two words", 400, get + "Host: x y\r\n\r\n"},
        {"a bare LF after the request line", 400, "GET / HTTP/1.1\nHost: x\r\n\r\n"},
        {"a bare LF after a header", 400, get + "Host: x\nX-A: b\r\n\r\n"},
        {"a bare CR in a header", 400, get + "Host: x\rX-A: b\r\n\r\n"},
        {"a NUL in a value", 400, get + "Host: x\r\nX-A: "s + '\0' + "\r\n\r\n"},
        {"a control character in a value", 400, get + "Host: x\r\nX-A: \x07\r\n\r\n"},
        {"a space before the colon", 400, get + "Host : x\r\n\r\n"},
        {"a space before a length's colon", 400, posted + "Content-Length : 2\r\n\r\nhi"},
        {"a header without a name", 400, get + "Host: x\r\n: y\r\n\r\n"},
        {"a header without a colon", 400, get + "Host: x\r\nX-A\r\n\r\n"},
        {"a bracket in a name", 400, get + "Host: x\r\nX[A]: y\r\n\r\n"},
        {"a folded header", 400, get + "Host: x\r\nX-A: b\r\n c\r\n\r\n"},
        {"a header folded at its beginning", 400, get + "Host: x\r\nX-A:\r\n\tc\r\n\r\n"},
        {"a folded first header", 400, get + " Host: x\r\n\r\n"},
        {"a negative length", 400, posted + "Content-Length: -1\r\n\r\n"},
        {"a length with a sign", 400, posted + "Content-Length: +2\r\n\r\nhi"},
        {"a length in hex", 400, posted + "Content-Length: 0x2\r\n\r\nhi"},
        {"a length that is a word", 400, posted + "Content-Length: two\r\n\r\nhi"},
        {"an empty length", 400, posted + "Content-Length:\r\n\r\nhi"},
        {"a length of 20 digits", 400, posted + "Content-Length: 99999999999999999999\r\n\r\n"},
        {"two lengths", 400, posted + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi"},
        {"the same length twice", 400, posted + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi"},
        {"a list of lengths", 400, posted + "Content-Length: 2, 2\r\n\r\nhi"},
        {"length and chunks", 400,
         posted + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"chunks and length", 400,
         posted + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"},
        {"length and an unknown coding", 400,
         posted + "Content-Length: 2\r\nTransfer-Encoding: x\r\n\r\nhi"},
        {"an unknown coding", 400, posted + "Transfer-Encoding: gzip\r\n\r\nhi"},
        {"chunked and then something", 400, posted + "Transfer-Encoding: chunked, x\r\n\r\n"},
        {"something and then chunked", 400,
         posted + "Transfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n"},
        {"chunked twice", 400,
         posted + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"chunked behind a vertical tab", 400,
         posted + "Transfer-Encoding: \x0b" + "chunked\r\n\r\n0\r\n\r\n"},
        {"chunked in HTTP/1.0", 400,
         "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"a chunk size that is no number", 400, chunked + "z\r\nhi\r\n0\r\n\r\n"},
        {"a chunk size with 0x", 400, chunked + "0x2\r\nhi\r\n0\r\n\r\n"},
        {"a negative chunk size", 400, chunked + "-2\r\nhi\r\n0\r\n\r\n"},
        {"an empty chunk size", 400, chunked + "\r\nhi\r\n0\r\n\r\n"},
        {"a chunk size over 2^64", 400, chunked + "10000000000000002\r\nhi\r\n0\r\n\r\n"},
        {"a chunk longer than its size", 400, chunked + "2\r\nhip\r\n0\r\n\r\n"},
        {"a chunk that ends with a bare LF", 400, chunked + "2\r\nhi\n0\r\n\r\n"},
        {"a chunk extension without a name", 400, chunked + "2;=\r\nhi\r\n0\r\n\r\n"},
        {"chunk extensions without end", 400,
         chunked + "2;a=" + std::string(5000, 'b') + "\r\nhi\r\n0\r\n\r\n"},
        {"a length in the trailers", 400, chunked + "0\r\nContent-Length: 2\r\n\r\n"},

        {"POST without a length", 411, posted + "\r\n"},
        {"PUT without a length", 411, "PUT / HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a length over the limit", 413, posted + "Content-Length: 5242881\r\n\r\n"},
        {"a length of 2^31", 413, posted + "Content-Length: 2147483648\r\n\r\n"},
        {"a length of 2^63", 413, posted + "Content-Length: 9223372036854775808\r\n\r\n"},
        {"a chunk over the limit", 413, chunked + "500001\r\n"},
        {"an unknown content coding", 415,
         posted + "Content-Encoding: br\r\nContent-Length: 2\r\n\r\nhi"},
        {"two content codings", 415,
         posted +
             "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"},
        {"an unknown expectation", 417,
         posted + "Expect: the-unexpected\r\nContent-Length: 2\r\n\r\nhi"},
        {"a long header", 431, get + "Host: x\r\nX-A: " + std::string(20'000, 'a') + "\r\n\r\n"},
        {"a long target", 431, "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"long trailers", 431, chunked + "0\r\nX-A: " + std::string(20'000, 'a')},
    };
}

TEST(HttpServer, readsWhatIsWellFramedAndRefusesTheRest) {
    const TestServer server;
    for (const FramingCase& c : framingCases())
        EXPECT_EQ(statusFor(server, c.bytes), c.status) << c.name;
}

TEST(HttpServer, closesTheConnectionAfterAFramingError) {
    const TestServer server;
    for (const FramingCase& c : framingCases()) {
        if (c.status == 200) continue;
        RawConnection connection(server.server.port());
        connection.send(c.bytes + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        const auto answer = connection.read();

        ASSERT_TRUE(answer) << c.name;
        EXPECT_EQ(answer->status, c.status) << c.name;
        EXPECT_TRUE(answer->says("Connection: close")) << c.name;
        EXPECT_TRUE(connection.closedByServer()) << c.name;
    }
}

TEST(HttpServer, readsTheSameWhereverTheBytesAreSplit) {
    const TestServer server;
    for (const FramingCase& c : framingCases()) {
        if (c.bytes.size() > 1000) continue;
        for (std::size_t at = 1; at < c.bytes.size(); ++at) {
            RawConnection connection(server.server.port());
            connection.send(std::string_view(c.bytes).substr(0, at));
            std::this_thread::yield();
            connection.send(std::string_view(c.bytes).substr(at));
            connection.endSending();
            const auto answer = connection.read();
            ASSERT_TRUE(answer) << c.name << " split at " << at;
            ASSERT_EQ(answer->status, c.status) << c.name << " split at " << at;
        }
    }
}

TEST(HttpServer, readsALargeBodyInPiecesAndTheRequestBehindIt) {
    const TestServer server(echo, {.body_bytes_max = 2'000'000});
    std::string body(1'000'000, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * i % 23);
    const std::string requests = post(body) + post("next");
    RawConnection connection(server.server.port());

    for (std::size_t at = 0; at < requests.size(); at += 77'777)
        connection.send(std::string_view(requests).substr(at, 77'777));
    const auto large = connection.read();
    const auto next = connection.read();

    ASSERT_TRUE(large && next);
    EXPECT_TRUE(large->body == "POST /p " + body);
    EXPECT_EQ(next->body, "POST /p next");
}

TEST(HttpServer, answersPipelinedRequestsInTheirOrder) {
    const TestServer server;
    RawConnection connection(server.server.port());
    std::string all;
    for (int i = 0; i < 2000; ++i) all += post(fmt::format("{}-{}", i, std::string(100, 'x')));

    std::jthread sender([&] { connection.send(all); });

    for (int i = 0; i < 2000; ++i) {
        const auto answer = connection.read();
        ASSERT_TRUE(answer) << i;
        ASSERT_EQ(answer->body, fmt::format("POST /p {}-{}", i, std::string(100, 'x')));
    }
}

TEST(HttpServer, keepsTheOrderWhenAnswersComeFromOtherThreads) {
    std::vector<std::jthread> workers;
    Mutex mutex;
    const TestServer server([&](HttpRequest&& request, HttpServer::Respond respond) {
        const MutexLock lock(mutex);
        workers.emplace_back([body = std::move(request.body), respond = std::move(respond)] {
            respond({.status = 200, .content_type = "text/plain", .body = body, .headers = {}});
        });
    });
    RawConnection connection(server.server.port());

    for (int i = 0; i < 50; ++i) connection.send(post(std::to_string(i)));

    for (int i = 0; i < 50; ++i) EXPECT_EQ(connection.read()->body, std::to_string(i));
    const MutexLock lock(mutex);
    workers.clear();
}

TEST(HttpServer, answers500WhenAHandlerDropsTheRequest) {
    const TestServer server([](HttpRequest&&, const HttpServer::Respond&) {});

    EXPECT_EQ(statusFor(server, post("x")), 500);
}

TEST(HttpServer, forgetsAnAnswerThatComesAfterItsEnd) {
    HttpServer::Respond late;
    {
        std::promise<HttpServer::Respond> handed_over;
        const TestServer server([&](HttpRequest&&, HttpServer::Respond respond) {
            handed_over.set_value(std::move(respond));
        });
        RawConnection connection(server.server.port());
        connection.send(post("x"));
        late = handed_over.get_future().get();
    }

    late(HttpResponse{});
}

// Keeps the request, and the answer that it is owed, for the test.
struct KeptRequest {
    std::promise<void> came;
    HttpRequest request;
    HttpServer::Respond respond;

    HttpServer::Handler handler() {
        return [this](HttpRequest&& asked, HttpServer::Respond answer) {
            request = std::move(asked);
            respond = std::move(answer);
            came.set_value();
        };
    }
    void awaitAbandoned() const {
        while (!request.isAbandoned()) std::this_thread::sleep_for(milliseconds(1));
    }
};

TEST(HttpServer, saysOfARequestThatItsClientHasGone) {
    KeptRequest kept;
    const TestServer server(kept.handler(), {.idle_timeout = milliseconds(40)});
    {
        RawConnection connection(server.server.port());
        connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        kept.came.get_future().wait();
        std::this_thread::sleep_for(milliseconds(100));  // some looks for its end
        EXPECT_FALSE(kept.request.isAbandoned());
    }

    kept.awaitAbandoned();
    kept.respond({});
}

TEST(HttpServer, answersAClientThatHasSaidEverything) {
    KeptRequest kept;
    const TestServer server(kept.handler(), {.idle_timeout = milliseconds(40)});
    RawConnection connection(server.server.port());
    connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    kept.came.get_future().wait();
    connection.endSending();
    kept.awaitAbandoned();

    kept.respond({.status = 200, .headers = {}});

    const auto answer = connection.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
}

TEST(HttpServer, sendsTheHeadersOfAnAnswerToHead) {
    const TestServer server;
    RawConnection connection(server.server.port());
    connection.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\nGET /g HTTP/1.1\r\nHost: x\r\n\r\n");

    const auto head = connection.read(true);
    const auto get = connection.read();

    ASSERT_TRUE(head && get);
    EXPECT_TRUE(head->says("Content-Length: 8\r\n")) << head->head;
    EXPECT_EQ(get->body, "GET /g ");
}

TEST(HttpServer, saysNoLengthOfWhatHasNotChanged) {
    const TestServer server([](HttpRequest&&, const HttpServer::Respond& respond) {
        respond({.status = 304, .body = {}, .headers = {{"ETag", "\"x\""}}});
    });
    RawConnection connection(server.server.port());
    connection.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");

    const auto answer = connection.read(true);

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 304);
    EXPECT_FALSE(answer->says("Content-Length")) << answer->head;
}

TEST(HttpServer, keepsOrClosesTheConnectionAsTheVersionSays) {
    const TestServer server;
    const auto closes = [&](std::string_view request) {
        RawConnection connection(server.server.port());
        connection.send(request);
        const auto answer = connection.read();
        const bool says_close = answer && answer->says("Connection: close");
        EXPECT_TRUE(!says_close || connection.closedByServer());
        return says_close;
    };

    EXPECT_FALSE(closes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_TRUE(closes("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT_TRUE(closes("GET / HTTP/1.0\r\n\r\n"));
    EXPECT_FALSE(closes("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(HttpServer, asksForTheBodyOfAClientThatWaits) {
    const TestServer server;
    RawConnection connection(server.server.port());
    connection.send(
        "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n\r\n");

    const auto go_on = connection.read();
    connection.send("hi");
    const auto answer = connection.read();

    ASSERT_TRUE(go_on && answer);
    EXPECT_EQ(go_on->status, 100);
    EXPECT_EQ(answer->body, "POST /p hi");
}

TEST(HttpServer, refusesBeforeItAsksForABodyThatIsTooLarge) {
    const TestServer server;

    EXPECT_EQ(statusFor(server,
                        "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n"
                        "Expect: 100-continue\r\n\r\n"),
              413);
}

TEST(HttpServer, takesABodyUpToItsLimitAndNoByteMore) {
    const TestServer server(echo, {.body_bytes_max = 1 << 20});
    const std::string full(1 << 20, 'x');
    HttpClient client = server.client();

    const auto answer = client.send({.method = "POST", .target = "/p", .headers = {}, .body = full},
                                    milliseconds(20'000));

    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->body, "POST /p " + full);
    EXPECT_EQ(statusFor(server, post(full + "x")), 413);
}

TEST(HttpServer, letsAClientThatSendsTooMuchReadWhy) {
    const TestServer server;
    RawConnection connection(server.server.port());
    connection.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    for (int i = 0; i < 100; ++i) connection.send(chunk);

    const auto answer = connection.read();

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 413);
}

TEST(HttpServer, limitsTheNumberOfHeaders) {
    const TestServer server;
    const auto with = [](int count) {
        std::string request = "GET / HTTP/1.1\r\nHost: x\r\n";
        for (int i = 1; i < count; ++i) request += fmt::format("X-{}: y\r\n", i);
        return request + "\r\n";
    };

    EXPECT_EQ(statusFor(server, with(100)), 200);
    EXPECT_EQ(statusFor(server, with(101)), 431);
    EXPECT_EQ(statusFor(server, with(1000)), 431);
}

TEST(HttpServer, limitsAllHeadersTogether) {
    const TestServer server;
    std::string request = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 20; ++i) request += fmt::format("X-{}: {}\r\n", i, std::string(1000, 'y'));
    RawConnection connection(server.server.port());

    // In pieces, so that no single look at the buffer shows them all.
    for (std::size_t at = 0; at < request.size(); at += 500) {
        connection.send(std::string_view(request).substr(at, 500));
        std::this_thread::sleep_for(milliseconds(1));
    }
    connection.send("\r\n");

    EXPECT_EQ(connection.read()->status, 431);
}

TEST(HttpServer, answers429WhenBodiesAreOverBudget) {
    std::promise<HttpServer::Respond> handed_over;
    const TestServer server(
        [&](HttpRequest&& request, HttpServer::Respond respond) {
            if (request.body.size() > 1000) return handed_over.set_value(std::move(respond));
            respond(HttpResponse{});
        },
        {.bodies_in_memory_bytes_max = 150'000});
    RawConnection first(server.server.port());
    first.send(post(std::string(100'000, 'x')));
    const HttpServer::Respond respond = handed_over.get_future().get();

    RawConnection second(server.server.port());
    second.send(post(std::string(100'000, 'x')));
    const auto refused = second.read();
    const int small = statusFor(server, post("x"));
    respond(HttpResponse{});

    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 429);
    EXPECT_TRUE(refused->says("Retry-After: 1\r\n"));
    EXPECT_EQ(small, 200);
    EXPECT_EQ(first.read()->status, 200);
}

TEST(HttpServer, answers429WhenABodyOutgrowsTheBudgetOnItsWay) {
    const TestServer server(echo, {.bodies_in_memory_bytes_max = 150'000});

    EXPECT_EQ(statusFor(server, post(std::string(400'000, 'x'))), 429);
    EXPECT_EQ(statusFor(server, post(std::string(100'000, 'x'))), 200);
}

TEST(HttpServer, givesTheBudgetBackBeforeItAnswersARefusal) {
    const TestServer server(echo, {.bodies_in_memory_bytes_max = 150'000});
    RawConnection refused(server.server.port());

    refused.send(post(std::string(400'000, 'x')));

    EXPECT_EQ(refused.read()->status, 429);
    EXPECT_EQ(statusFor(server, post(std::string(100'000, 'x'))), 200);
}

TEST(HttpServer, givesTheBudgetBackWithTheAnswer) {
    const TestServer server(echo, {.bodies_in_memory_bytes_max = 150'000});

    for (int i = 0; i < 10; ++i) EXPECT_EQ(statusFor(server, post(std::string(100'000, 'x'))), 200);
}

HttpServerOptions impatient() {
    return {.header_timeout = milliseconds(100),
            .body_timeout = milliseconds(200),
            .idle_timeout = milliseconds(300)};
}

TEST(HttpServer, answers408WhenTheHeadersDoNotCome) {
    const TestServer server(echo, impatient());
    RawConnection connection(server.server.port());
    connection.send("GET / HTTP/1.1\r\nHo");

    const auto answer = connection.read();

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408);
    EXPECT_TRUE(connection.closedByServer());
}

TEST(HttpServer, answers408WhenTheBodyDoesNotCome) {
    const TestServer server(echo, impatient());
    RawConnection connection(server.server.port());
    connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhi");

    const auto answer = connection.read();

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408);
    EXPECT_TRUE(connection.closedByServer());
}

TEST(HttpServer, answers408ToABodyThatOnlyTrickles) {
    // The time-out alone would let it go on for a minute; the rate does not.
    const TestServer server(echo, {.body_timeout = milliseconds(4000)});
    RawConnection connection(server.server.port());
    connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n");
    std::jthread trickle([&](const std::stop_token& stop) {
        while (!stop.stop_requested() && connection.send("x"))
            std::this_thread::sleep_for(milliseconds(10));
    });
    const auto begin = std::chrono::steady_clock::now();

    const auto answer = connection.read();

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(4000));
}

TEST(HttpServer, closesAConnectionThatIdles) {
    const TestServer server(echo, impatient());
    RawConnection connection(server.server.port());
    connection.send(post("x"));
    ASSERT_EQ(connection.read()->status, 200);

    EXPECT_TRUE(connection.closedByServer());
}

TEST(HttpServer, servesOthersWhileSlowClientsHold) {
    const TestServer server;
    std::vector<std::unique_ptr<RawConnection>> slow;
    for (int i = 0; i < 200; ++i) {
        slow.push_back(std::make_unique<RawConnection>(server.server.port()));
        slow.back()->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nh");
    }

    EXPECT_EQ(statusFor(server, post("x")), 200);
}

TEST(HttpServer, takesNoMoreConnectionsThanItMay) {
    const TestServer server(echo, {.connections_max = 2});
    RawConnection first(server.server.port());
    RawConnection second(server.server.port());
    for (RawConnection* connection : {&first, &second}) {
        connection->send(post("x"));
        ASSERT_EQ(connection->read()->status, 200);
    }

    RawConnection third(server.server.port());

    EXPECT_TRUE(third.closedByServer());
}

TEST(HttpServer, stopsAfterTheRequestsThatItHasRead) {
    std::promise<HttpServer::Respond> handed_over;
    TestServer server([&](HttpRequest&&, HttpServer::Respond respond) {
        handed_over.set_value(std::move(respond));
    });
    RawConnection idle(server.server.port());
    RawConnection busy(server.server.port());
    busy.send(post("x"));
    const HttpServer::Respond respond = handed_over.get_future().get();

    std::jthread stopper([&] { server.server.stop(std::chrono::seconds(20)); });
    EXPECT_TRUE(idle.closedByServer());
    respond({.status = 202, .body = "{}", .headers = {}});

    const auto answer = busy.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 202);
    EXPECT_TRUE(answer->says("Connection: close"));
    stopper.join();
    EXPECT_FALSE(server.client().send({}, milliseconds(5000)));
}

TEST(HttpServer, runsTasksOnTime) {
    TestServer server;
    std::promise<void> ran;
    const auto begin = std::chrono::steady_clock::now();

    server.server.scheduler().runAfter(milliseconds(20), [&] { ran.set_value(); });

    ran.get_future().get();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(20));
}

TEST(HttpServer, countsWhatItAnswers) {
    TestServer server;
    statusFor(server, post("x"));
    statusFor(server, "nonsense\r\n\r\n");

    const std::string metrics = server.metrics.render();

    EXPECT_NE(metrics.find("footfall_http_answers_total{class=\"2xx\"} 1\n"), std::string::npos)
        << metrics;
    EXPECT_NE(metrics.find("footfall_http_answers_total{class=\"4xx\"} 1\n"), std::string::npos)
        << metrics;
}

}  // namespace
}  // namespace footfall
