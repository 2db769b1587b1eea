#include "dashboard/page.h"

#include <nlohmann/json.hpp>

#include "pageBytes.h"
#include "support/check.h"
#include "support/gzip.h"

namespace footfall {
namespace {

// Nothing but the page's own files and answers, and no text that becomes script or markup: the
// browser refuses it even where the page should have a mistake.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default";

// A name under /assets/ never means another content, the page itself may be new at any time.
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";

constexpr std::size_t kPieceBytes = 256 << 10;

// What the build wrote down about its files.
std::vector<PageFile> listedFiles() {
    std::vector<PageFile> files;
    for (const auto& file : nlohmann::json::parse(pageBytes("files.json")))
        files.push_back({.path = file.at("path"),
                         .content_type = file.at("content_type"),
                         .etag = file.at("etag"),
                         .gzip = pageBytes(file.at("file").get<std::string>())});
    return files;
}

std::string decompressed(std::string_view gzip) {
    GzipDecoder decoder;
    std::string out;
    while (!gzip.empty())
        CHECK(decoder.decode(gzip, out, kPieceBytes), "what the build compressed is whole");
    CHECK(decoder.complete(), "what the build compressed is whole");
    return out;
}

bool takesGzip(const HttpRequest& request) {
    const std::string_view accepted = headerValue(request.headers, "Accept-Encoding");
    return accepted.find("gzip") != std::string_view::npos &&
           accepted.find("gzip;q=0") == std::string_view::npos;
}

}  // namespace

std::span<const PageFile> pageFiles() {
    static const std::vector<PageFile> kFiles = listedFiles();
    return kFiles;
}

HttpResponse pageAnswer(const PageFile& file, const HttpRequest& request) {
    HttpResponse response{.status = 200, .content_type = file.content_type};
    response.headers = {
        {"Cache-Control", std::string(file.path.starts_with("/assets/") ? kForEver : kAskAgain)},
        {"ETag", file.etag},
        {"Vary", "Accept-Encoding"},
        {"Content-Security-Policy", std::string(kPolicy)},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Referrer-Policy", "no-referrer"}};
    if (headerValue(request.headers, "If-None-Match") == file.etag) {
        response.status = 304;
    } else if (takesGzip(request)) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.body = file.gzip;
    } else {
        response.body = decompressed(file.gzip);
    }
    return response;
}

}  // namespace footfall
