#include "support/http_answer.h"

#include <chrono>
#include <iterator>

#include <boost/beast/http/status.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "support/check.h"

namespace footfall {
namespace {

std::string_view reasonOf(unsigned status) {
    namespace http = boost::beast::http;
    const auto reason = http::obsolete_reason(http::int_to_status(status));
    return {reason.data(), reason.size()};
}

bool isOneLine(std::string_view text) {
    return text.find_first_of("\r\n") == std::string_view::npos;
}

// A stream ends where the connection does; what has not changed (304) has no body to be long.
std::string lengthHeader(const HttpResponse& response) {
    return response.stream || response.status == 304
               ? ""
               : fmt::format("Content-Length: {}\r\n", response.body.size());
}

std::string_view connectionHeader(const AnswerForm& form) {
    if (!form.keep_alive) return "Connection: close\r\n";
    return form.is_http_1_1 ? "" : "Connection: keep-alive\r\n";
}

}  // namespace

void appendAnswer(std::string& out, const HttpResponse& response, const AnswerForm& form) {
    auto to = std::back_inserter(out);
    fmt::format_to(to,
                   "HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Type: {}\r\n{}"
                   "X-Content-Type-Options: nosniff\r\n{}{}",
                   response.status, reasonOf(response.status), form.date, response.content_type,
                   lengthHeader(response),
                   response.content_type == "application/json" ? "Cache-Control: no-store\r\n" : "",
                   connectionHeader(form));
    for (const auto& [name, value] : response.headers) {
        CHECK(isOneLine(name) && isOneLine(value), "a header of an answer is one line");
        fmt::format_to(to, "{}: {}\r\n", name, value);
    }
    out += "\r\n";
    if (!form.head_only) out += response.body;
}

std::string httpDate() {
    const auto now =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
}

}  // namespace footfall
