#pragma once

#include <string>

#include "event/event_json.h"

namespace footfall {

// 2026-03-01T09:30:00Z, when every test's request is received.
constexpr UtcTime kReceivedAt = utcFromMicros(1'772'357'400'000'000);

// What came of one body.
struct ParsedEvents {
    Result<ParseOutcome> outcome;
    EventBatch batch;

    // The code of the whole, else of the first rejected event with its field; "" when all is well.
    std::string error() const {
        if (!outcome) return outcome.error().what;
        if (outcome->errors.empty()) return "";
        const RejectedEvent& first = outcome->errors.front();
        return first.field.empty() ? first.code : first.code + " " + first.field;
    }
    std::string value(TextField field, std::size_t row = 0) const {
        return std::string(batch.value(field, row));
    }
};

// Parses with a new parser whose zone is Asia/Kolkata and whose id key is 42.
inline ParsedEvents parseEvents(std::string body, bool ndjson = false) {
    EventParser parser({.key = EventIdKey(42), .zone = *TimeZone::named("Asia/Kolkata")}, 1);
    ParsedEvents parsed;
    parsed.outcome = parser.parse(body, ndjson, kReceivedAt, parsed.batch);
    return parsed;
}

// One event with a user, a type and these members after them: `"city":"Pune"`.
inline ParsedEvents parseWith(const std::string& members) {
    return parseEvents(R"({"user_id":"u1","event_type":"access_app",)" + members + "}");
}

}  // namespace footfall
