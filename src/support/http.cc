#include "support/http.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <strings.h>

namespace footfall {
namespace {

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> percentDecoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && plus_is_space) c = ' ';
        if (c == '%') {
            const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return fail(Code::kMalformed, "a % in the URL is not followed by two hex digits");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0') return fail(Code::kMalformed, "the URL holds a NUL");
        out += c;
    }
    return out;
}

// One "name=value" of a query.
Result<std::pair<std::string, std::string>> decodedParameter(std::string_view text) {
    const std::size_t equals = std::min(text.find('='), text.size());
    auto name = percentDecoded(text.substr(0, equals), true);
    if (!name) return std::unexpected(std::move(name.error()));
    auto value = percentDecoded(text.substr(std::min(equals + 1, text.size())), true);
    if (!value) return std::unexpected(std::move(value.error()));
    return std::pair(std::move(*name), std::move(*value));
}

}  // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view headerValue(const HttpHeaders& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (equalsIgnoringCase(key, name)) return value;
    return {};
}

bool HttpRequest::isAbandoned() const {
    const std::weak_ptr<const void> no_client;
    const bool had_one = client.owner_before(no_client) || no_client.owner_before(client);
    return had_one && client.expired();
}

HttpResponse errorResponse(unsigned status, std::string_view code, std::string_view message) {
    const nlohmann::json body = {{"error", {{"code", code}, {"message", message}}}};
    // Messages may quote what a client sent: bytes that are not UTF-8 must not throw.
    return {.status = status,
            .content_type = "application/json",
            .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            .headers = {}};
}

Result<HttpTarget> splitTarget(std::string_view target) {
    const std::size_t mark = std::min(target.find('?'), target.size());
    auto path = percentDecoded(target.substr(0, mark), false);
    if (!path) return std::unexpected(std::move(path.error()));
    HttpTarget out{.path = std::move(*path), .query = {}};

    std::string_view rest = target.substr(std::min(mark + 1, target.size()));
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        if (end > 0) {
            auto parameter = decodedParameter(rest.substr(0, end));
            if (!parameter) return std::unexpected(std::move(parameter.error()));
            out.query.push_back(std::move(*parameter));
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

}  // namespace footfall
