#include "support/http_stream.h"

#include <future>

#include <gtest/gtest.h>

#include "support/http.h"
#include "tests/fakes/raw_connection.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

HttpStream::Piece piece(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

// A server that answers every request with a stream, and hands the last one to the test.
struct StreamServer {
    explicit StreamServer(HttpServerOptions options = {})
        : server(
              {.port = 0, .reactors = 1, .body_timeout = options.body_timeout},
              [this](HttpRequest&&, const HttpServer::Respond& respond) {
                  auto made = std::make_shared<HttpStream>();
                  respond({.content_type = "text/plain",
                           .body = "begin ",
                           .headers = {},
                           .stream = made});
                  streams.set_value(made);
              },
              metrics) {
        CHECK(server.start(), "the test's server starts");
    }
    std::weak_ptr<HttpStream> stream() {
        auto made = streams.get_future().get();
        streams = {};
        return made;
    }

    Metrics metrics;
    std::promise<std::weak_ptr<HttpStream>> streams;
    HttpServer server;
};

bool begins(RawConnection& client) {
    return client.read() && client.receives("begin ");
}

// Whether the connection has let go of the stream, or does so soon.
bool endsSoon(const std::weak_ptr<HttpStream>& stream) {
    for (int i = 0; i < 2'000 && !stream.expired(); ++i)
        std::this_thread::sleep_for(milliseconds(5));
    return stream.expired();
}

void offer(const std::weak_ptr<HttpStream>& stream, HttpStream::Piece text) {
    if (const auto open = stream.lock()) open->offer(std::move(text));
}

TEST(HttpStream, sendsEachPieceAsItComes) {
    StreamServer server;
    RawConnection client(server.server.port());
    client.send(kGet);
    const auto stream = server.stream();

    const auto head = client.read();
    ASSERT_TRUE(head);
    EXPECT_TRUE(head->says("200 OK"));
    EXPECT_TRUE(head->says("Connection: close"));
    EXPECT_FALSE(head->says("Content-Length"));
    EXPECT_TRUE(client.receives("begin "));
    for (const std::string text : {"one ", "two "}) {
        offer(stream, piece(text));
        EXPECT_TRUE(client.receives(text));
    }
}

TEST(HttpStream, isLetGoWhenTheClientGoes) {
    StreamServer server;
    auto client = std::make_unique<RawConnection>(server.server.port());
    client->send(kGet);
    const auto stream = server.stream();
    ASSERT_TRUE(begins(*client));

    client.reset();

    EXPECT_TRUE(endsSoon(stream));
}

TEST(HttpStream, endsAtOnceWhenTheServerStops) {
    StreamServer server;
    RawConnection client(server.server.port());
    client.send(kGet);
    const auto stream = server.stream();
    ASSERT_TRUE(begins(client));
    const auto began = std::chrono::steady_clock::now();

    server.server.stop(std::chrono::seconds(20));

    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
    EXPECT_TRUE(stream.expired());
    EXPECT_TRUE(client.closedByServer());
}

TEST(HttpStream, givesASlowClientOnlyTheNewestPiece) {
    HttpStream stream;
    int calls = 0;
    stream.onPiece([&] { ++calls; });

    for (const char* text : {"old", "older still waiting", "newest"}) stream.offer(piece(text));

    EXPECT_EQ(calls, 1);
    EXPECT_EQ(*stream.take(), "newest");
    EXPECT_EQ(stream.take(), nullptr);
}

TEST(HttpStream, servesOthersBesideAClientThatDoesNotReadAndClosesItInTheEnd) {
    StreamServer server({.body_timeout = milliseconds(300)});
    RawConnection deaf(server.server.port());
    deaf.send(kGet);
    const auto unread = server.stream();
    // More than the sockets hold.
    const auto large = piece(std::string(16 << 20, 'x'));
    for (int i = 0; i < 10; ++i) offer(unread, large);

    RawConnection client(server.server.port());
    client.send(kGet);
    const auto stream = server.stream();
    offer(stream, piece("news "));

    EXPECT_TRUE(begins(client));
    EXPECT_TRUE(client.receives("news "));
    EXPECT_TRUE(endsSoon(unread));
}

TEST(HttpStream, hasNoBodyForHead) {
    StreamServer server;
    RawConnection client(server.server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");

    EXPECT_TRUE(client.read(true)->says("200 OK"));

    EXPECT_TRUE(client.closedByServer());
    EXPECT_TRUE(endsSoon(server.stream()));
}

}  // namespace
}  // namespace footfall
