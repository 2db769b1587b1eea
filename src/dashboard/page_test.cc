#include "dashboard/page.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/gzip.h"

namespace footfall {
namespace {

const PageFile& fileAt(std::string_view path) {
    return *std::ranges::find(pageFiles(), path, &PageFile::path);
}

HttpResponse ask(const PageFile& file, HttpHeaders headers) {
    return pageAnswer(file, {.target = file.path, .headers = std::move(headers), .body = {}});
}

TEST(Page, isCompressedForThoseWhoTakeItAndPlainForOthers) {
    const PageFile& page = fileAt("/");

    const HttpResponse compressed = ask(page, {{"Accept-Encoding", "gzip, deflate, br"}});
    const HttpResponse plain = ask(page, {});
    const HttpResponse refused = ask(page, {{"Accept-Encoding", "gzip;q=0"}});

    EXPECT_EQ(headerValue(compressed.headers, "Content-Encoding"), "gzip");
    std::string decoded;
    GzipDecoder decoder;
    std::string_view input = compressed.body;
    ASSERT_TRUE(decoder.decode(input, decoded, 1 << 20));
    EXPECT_EQ(decoded, plain.body);
    EXPECT_EQ(headerValue(plain.headers, "Content-Encoding"), "");
    EXPECT_TRUE(plain.body.starts_with("<!doctype html>"));
    EXPECT_EQ(refused.body, plain.body);
}

TEST(Page, loadsOnlyFilesThatThereAre) {
    const std::string html = ask(fileAt("/"), {}).body;

    std::size_t found = 0;
    for (const PageFile& file : pageFiles())
        if (file.path != "/") found += html.contains('"' + file.path + '"') ? 1 : 0;

    EXPECT_EQ(found, pageFiles().size() - 1);
    EXPECT_EQ(html.find("<script>"), std::string::npos);
    EXPECT_EQ(html.find("style="), std::string::npos);
}

TEST(Page, isAskedForAgainAndItsAssetsAreKeptForEver) {
    for (const PageFile& file : pageFiles()) {
        const HttpResponse first = ask(file, {});
        const HttpResponse again = ask(file, {{"If-None-Match", file.etag}});
        const HttpResponse other = ask(file, {{"If-None-Match", "\"another\""}});

        EXPECT_EQ(headerValue(first.headers, "Cache-Control"),
                  file.path == "/" ? "no-cache" : "public, max-age=31536000, immutable");
        EXPECT_EQ(headerValue(first.headers, "ETag"), file.etag);
        EXPECT_EQ(again.status, 304u);
        EXPECT_EQ(again.body, "");
        EXPECT_EQ(other.body, first.body);
    }
}

TEST(Page, forbidsInlineScriptInlineStyleAndOtherHosts) {
    const HttpResponse page = ask(fileAt("/"), {});
    const std::string_view policy = headerValue(page.headers, "Content-Security-Policy");

    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    EXPECT_EQ(policy.find("unsafe"), std::string_view::npos);
    EXPECT_EQ(policy.find("http"), std::string_view::npos);
}

}  // namespace
}  // namespace footfall
