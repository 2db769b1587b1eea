#include <fmt/format.h>

#include "event/event_json.h"
#include "event/json_text.h"
#include "support/decimal.h"

namespace footfall {
namespace {

// Decimals that are zero are left out: "250", "12.5".
std::string shortDecimal(std::int64_t ten_thousandths) {
    std::string text = toString(Decimal{ten_thousandths});
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

void appendText(const EventView& event, TextField field, std::string& out) {
    const std::string_view text = event.text(field);
    if (text.empty()) return;
    fmt::format_to(std::back_inserter(out), ",\"{}\":", fieldName(field));
    if (field == TextField::kProperties)
        out += text;
    else
        appendJsonString(text, out);
}

}  // namespace

std::string eventToJson(const EventView& event) {
    std::string out = fmt::format(R"({{"event_id":"{}","timestamp":"{}")", toString(event.id),
                                  formatUtc(utcFromMicros(event.timestamp_us)));
    for (std::size_t field = 0; field < kTextFieldCount; ++field)
        appendText(event, static_cast<TextField>(field), out);
    if (event.quantity != EventBatch::kNoQuantity)
        fmt::format_to(std::back_inserter(out), ",\"quantity\":{}", event.quantity);
    if (event.amount_ten_thousandths != EventBatch::kNoAmount)
        fmt::format_to(std::back_inserter(out), ",\"amount\":{}",
                       shortDecimal(event.amount_ten_thousandths));
    return out + "}";
}

}  // namespace footfall
