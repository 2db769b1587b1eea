#include "support/http.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/http_framing.h"

namespace footfall {
namespace {

TEST(HttpTarget, isSplitAndDecoded) {
    const auto target = splitTarget("/a%20b+c?x=1&y=%C3%A9+z&x=2&flag&=v");

    ASSERT_TRUE(target) << target.error().what;
    EXPECT_EQ(target->path, "/a b+c");
    const std::vector<std::pair<std::string, std::string>> query = {
        {"x", "1"}, {"y", "\xc3\xa9 z"}, {"x", "2"}, {"flag", ""}, {"", "v"}};
    EXPECT_EQ(target->query, query);
}

TEST(HttpTarget, refusesBrokenEscapesAndNul) {
    for (const char* target : {"/%", "/%4", "/%4g", "/%zz", "/?a=%", "/?%1=a", "/%00", "/?a=%00"})
        EXPECT_FALSE(splitTarget(target)) << target;
    EXPECT_TRUE(splitTarget("/%41"));
}

TEST(HttpHeaders, areFoundWithoutRegardToCase) {
    const HttpHeaders headers = {{"Content-Type", "a"}, {"content-type", "b"}};

    EXPECT_EQ(headerValue(headers, "CONTENT-TYPE"), "a");
    EXPECT_EQ(headerValue(headers, "Content"), "");
}

TEST(HttpErrorResponse, isJsonWhateverTheMessageHolds) {
    EXPECT_EQ(errorResponse(400, "bad", "a \"b\"").body,
              R"({"error":{"code":"bad","message":"a \"b\""}})");
    EXPECT_EQ(errorResponse(400, "bad", "\xff").status, 400u);
}

TEST(HttpFraming, takesTheResourceOutOfEachFormOfATarget) {
    EXPECT_EQ(originForm("/a?b"), "/a?b");
    EXPECT_EQ(originForm("http://localhost:8888/a?b"), "/a?b");
    EXPECT_EQ(originForm("HTTP://localhost"), "/");
    for (const char* other : {"*", "localhost:80", "a", "https://x/y", ""})
        EXPECT_EQ(originForm(other), std::nullopt) << other;
}

TEST(HttpFraming, findsFoldedLines) {
    EXPECT_TRUE(hasFoldedLine("A: b\r\n c\r\n"));
    EXPECT_TRUE(hasFoldedLine("A: b\r\nC: d\r\n\te\r\n"));
    EXPECT_FALSE(hasFoldedLine("A: b\r\nC: d \r\n\r\n"));
    EXPECT_FALSE(hasFoldedLine(""));
}

TEST(HttpFraming, saysHowTheBodyComes) {
    const HttpRequest head = {.method = "POST",
                              .target = "/",
                              .headers = {{"HOST", "x"},
                                          {"content-length", "1"},
                                          {"Content-Encoding", "GZIP"},
                                          {"Expect", "100-Continue"}},
                              .body = ""};

    const auto framing = checkHead(head, true);

    ASSERT_TRUE(framing);
    EXPECT_EQ(framing->coding, BodyCoding::kGzip);
    EXPECT_TRUE(framing->expects_continue);
}

TEST(HttpClient, saysWhatIsWrongWithAUrl) {
    for (const char* url : {"", "localhost:8888", "https://localhost", "http://", "http://:80",
                            "http://x:", "http://x:70000", "http://x:1a", "http://x/y",
                            "http://u@x", "http://[::1", "http://x?y"}) {
        const auto client = HttpClient::create(url);

        ASSERT_FALSE(client) << url;
        EXPECT_EQ(client.error().code, Code::kInvalidArgument);
    }
    for (const char* url : {"http://localhost", "http://localhost:8888/", "http://[::1]:80"})
        EXPECT_TRUE(HttpClient::create(url)) << url;
}

}  // namespace
}  // namespace footfall
