// Any bytes as a request's body. The first byte says whether as NDJSON. What must hold: the counts
// add up; every event taken is read again from its rendering as the same event.
#include <cstddef>
#include <cstdint>
#include <string>

#include "event/event_json.h"
#include "support/check.h"

namespace footfall {
namespace {

constexpr UtcTime kNow = utcFromMicros(1'772'357'400'000'000);

EventParser& parser() {
    static EventParser one({.key = EventIdKey(42), .zone = TimeZone::utc()}, 1);
    return one;
}

void checkRendering(const EventBatch& batch, std::size_t row) {
    const std::string json = eventToJson(eventAt(batch, row));
    if (json.size() > kEventBytesMax) return;  // escapes can lengthen an event beyond the limit
    EventBatch again;
    std::string body = json;
    const Result<ParseOutcome> outcome = parser().parse(body, false, kNow, again);

    CHECK(outcome.has_value() && outcome->accepted == 1, "an event's rendering is an event");
    CHECK(again.ids[0] == batch.ids[row], "the rendering keeps the id");
    CHECK(again.timestamps_us[0] == batch.timestamps_us[row], "the rendering keeps the time");
    CHECK(eventToJson(eventAt(again, 0)) == json, "the rendering keeps every field");
}

void checkBody(std::string body, bool ndjson) {
    EventBatch batch;
    const Result<ParseOutcome> outcome = parser().parse(body, ndjson, kNow, batch);
    if (!outcome) {
        CHECK(batch.empty(), "a body that is refused leaves nothing");
        return;
    }
    CHECK(outcome->received == outcome->accepted + outcome->rejected, "the counts add up");
    CHECK(outcome->accepted == batch.size(), "what is accepted is in the batch");
    CHECK(outcome->received > 0, "an empty request is an error");
    for (std::size_t row = 0; row < batch.size(); ++row) checkRendering(batch, row);
}

}  // namespace
}  // namespace footfall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
    footfall::checkBody(body, data[0] % 2 == 1);
    return 0;
}
