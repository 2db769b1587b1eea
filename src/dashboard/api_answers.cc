#include "dashboard/api_answers.h"

#include <utility>

namespace footfall {

HttpResponse errorAnswer(const Error& error) {
    switch (error.code) {
        case Code::kInvalidArgument:
        case Code::kMalformed:
            return errorResponse(400, "invalid_parameter", error.what);
        case Code::kNotFound:
            return errorResponse(404, "not_found", error.what);
        case Code::kDeadlineExceeded:
            return errorResponse(503, "took_too_long", error.what);
        case Code::kUnavailable:
        case Code::kFatal:
            return errorResponse(503, "database_unavailable", error.what);
        default:
            return errorResponse(500, "internal", error.what);
    }
}

HttpResponse textAnswer(std::string_view content_type, std::string body) {
    return {.status = 200,
            .content_type = std::string(content_type),
            .body = std::move(body),
            .headers = {}};
}

HttpResponse jsonAnswer(const nlohmann::ordered_json& json) {
    return textAnswer(
        "application/json",
        json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

HttpResponse abandonedAnswer() {
    return errorResponse(408, "abandoned", "the connection had ended before this had its turn");
}

HttpResponse busyAnswer(std::string_view code, std::string_view message) {
    HttpResponse response = errorResponse(429, code, message);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace footfall
