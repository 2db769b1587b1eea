#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "event/city_table.h"
#include "event/event_batch.h"
#include "event/event_id.h"
#include "support/clock.h"
#include "support/random.h"
#include "support/result.h"
#include "support/time_text.h"

namespace footfall {

// One event that was not taken, as it stands in the answer's `errors`.
struct RejectedEvent {
    std::uint32_t index = 0;  // in the request, from 0; in NDJSON the line
    std::string code;         // missing_field, invalid_field, event_too_large, malformed_json …
    std::string field;        // "" when it is the event as a whole
    std::string message;      // what is wrong and how to mend it
};

// What became of a request's events.
struct ParseOutcome {
    std::uint32_t received = 0;
    std::uint32_t accepted = 0;
    std::uint32_t rejected = 0;
    std::vector<RejectedEvent> errors;  // the first kListedErrorsMax
};

constexpr std::size_t kListedErrorsMax = 100;
constexpr std::size_t kEventBytesMax = 32'768;
constexpr std::size_t kRequestEventsMax = 5'000;
constexpr std::size_t kDepthMax = 32;

struct EventParserOptions {
    const CityTable& cities = CityTable::builtIn();
    EventIdKey key;
    TimeZone zone;  // for timestamps without an offset
};

// EventParser: the only code that reads events from JSON. Turns a request's body into an
// EventBatch; the rules of each field are those of docs/event.md. Threads: one at a time; one a
// reactor, so that its buffers are reused. Errors of parse: kMalformed (the body is not well-formed
// UTF-8 JSON, or empty: answer 400),
//   kTooLarge (over kRequestEventsMax: 413), kInvalidArgument "no_events" (an empty array: 422).
//   A bad event beside good ones is no error of the call: it is listed in the outcome.
class EventParser {
  public:
    EventParser(EventParserOptions options, std::uint64_t random_seed);
    ~EventParser();

    // `body` is grown by padding when its capacity lacks it; its bytes may be changed in place.
    // `ndjson`: the Content-Type says so; found out from the body otherwise.
    // `out` receives the valid events, received_at and the counts of the batch.
    [[nodiscard]] Result<ParseOutcome> parse(std::string& body, bool ndjson, UtcTime received_at,
                                             EventBatch& out);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// One event in the names of section 4, for dead letters, exports and the Driver's --output.
// Absent fields are left out; `properties` is embedded as the JSON it is.
std::string eventToJson(const EventView& event);

}  // namespace footfall
