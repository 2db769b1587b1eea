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

// What the head of a usual answer takes, and a little more.
constexpr std::size_t kHeadBytes = 256;

void appendNumber(std::string& out, std::uint64_t number) {
    const fmt::format_int digits(number);
    out.append(digits.data(), digits.size());
}

void appendHeader(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

// A stream ends where the connection does; what has not changed (304) has no body to be long.
void appendLength(std::string& out, const HttpResponse& response) {
    if (response.stream || response.status == 304) return;
    out += "Content-Length: ";
    appendNumber(out, response.body.size());
    out += "\r\n";
}

std::string_view connectionHeader(const AnswerForm& form) {
    if (!form.keep_alive) return "Connection: close\r\n";
    return form.is_http_1_1 ? "" : "Connection: keep-alive\r\n";
}

}  // namespace

void appendAnswer(std::string& out, const HttpResponse& response, const AnswerForm& form) {
    out.reserve(out.size() + kHeadBytes + response.body.size());
    out += "HTTP/1.1 ";
    appendNumber(out, response.status);
    out.append(" ").append(reasonOf(response.status)).append("\r\n");
    appendHeader(out, "Date", form.date);
    appendHeader(out, "Content-Type", response.content_type);
    appendLength(out, response);
    out += "X-Content-Type-Options: nosniff\r\n";
    if (response.content_type == "application/json") out += "Cache-Control: no-store\r\n";
    out += connectionHeader(form);
    for (const auto& [name, value] : response.headers) {
        CHECK(isOneLine(name) && isOneLine(value), "a header of an answer is one line");
        appendHeader(out, name, value);
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
