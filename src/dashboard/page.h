#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/http.h"

namespace footfall {

// The page at `/` and what it loads from /assets/, which `dashboard/` is built to and which the
// binary carries, compressed. It shows what the routes under /api/v1/ answer.
struct PageFile {
    std::string path;  // where it is asked for; under /assets/ a name changes with its content
    std::string content_type;
    std::string etag;
    std::string_view gzip;
};

// Of this binary. Threads: any.
std::span<const PageFile> pageFiles();

// The file as the request wants it: compressed, not compressed, or 304 where it has it already.
HttpResponse pageAnswer(const PageFile& file, const HttpRequest& request);

}  // namespace footfall
