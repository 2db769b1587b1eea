#include "webhook/webhook_answer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

std::string withErrors(const ParseOutcome& outcome) {
    nlohmann::ordered_json errors = nlohmann::ordered_json::array();
    for (const RejectedEvent& error : outcome.errors) {
        nlohmann::ordered_json field;  // null: the event as a whole
        if (!error.field.empty()) field = error.field;
        errors.push_back({{"index", error.index},
                          {"code", error.code},
                          {"field", std::move(field)},
                          {"message", error.message}});
    }
    const nlohmann::ordered_json body = {{"received", outcome.received},
                                         {"accepted", outcome.accepted},
                                         {"rejected", outcome.rejected},
                                         {"errors", std::move(errors)}};
    // Messages may quote what was sent, cut anywhere.
    return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

HttpResponse answerTo(const ParseOutcome& outcome) {
    HttpResponse response{.status = outcome.accepted > 0 ? 202u : 422u, .body = "", .headers = {}};
    // Nearly every answer there is; not worth a JSON library.
    if (outcome.errors.empty())
        response.body = fmt::format(R"({{"received":{},"accepted":{},"rejected":{},"errors":[]}})",
                                    outcome.received, outcome.accepted, outcome.rejected);
    else
        response.body = withErrors(outcome);
    return response;
}

HttpResponse answerTo(const Error& parse_error) {
    if (parse_error.code == Code::kMalformed)
        return errorResponse(400, "malformed_json", parse_error.what);
    if (parse_error.code == Code::kTooLarge)
        return errorResponse(413, "too_many_events", parse_error.what);
    ParseOutcome nothing;
    nothing.errors.push_back({.index = 0,
                              .code = "no_events",
                              .field = "",
                              .message = "the request holds no event; send at least one"});
    return answerTo(nothing);
}

}  // namespace footfall
