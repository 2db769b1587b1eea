#include "event/event_normalizer.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "event/byte_codec.h"
#include "support/decimal.h"
#include "support/hash.h"

namespace footfall {
namespace {

using Kind = JsonValue::Kind;

constexpr std::size_t kIdBytesMax = 128;
constexpr std::size_t kTextBytesMax = 256;
constexpr Micros kAheadMax = std::chrono::hours(24);
constexpr Micros kLateAfter = std::chrono::days(30);

std::string_view describe(TextFault fault) {
    return fault == TextFault::kNul
               ? "holds U+0000, which no text may; remove it"
               : "holds half of a surrogate pair (\\ud800 to \\udfff); cut texts between "
                 "characters, not inside one";
}

// The name of a member in a message: not over long, and never cut inside a character.
std::string_view shortName(std::string_view name) {
    if (name.size() <= kIdBytesMax) return name;
    std::size_t end = kIdBytesMax;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
    return name.substr(0, end);
}

}  // namespace

EventNormalizer::EventNormalizer(EventParserOptions options, std::uint64_t random_seed)
    : key_(options.key),
      zone_(std::move(options.zone)),
      random_(random_seed),
      cities_(options.cities, Random::of(random_seed, 1).next()) {}

const NormalizedEvent* EventNormalizer::normalize(const RawEvent& event, UtcTime received_at) {
    if (const JsonValue& city = event.field(EventField::kCity).value;
        city.kind == Kind::kString && city.text.size() <= kTextBytesMax)
        cities_.expect(city.text);
    const bool taken = checkSize(event) && checkFaults(event) && setEventType(event) &&
                       setPerson(event) && setId(event, received_at) &&
                       setTimestamp(event, received_at) && setCity(event) && setTexts(event) &&
                       setCurrency(event) && setQuantity(event) && setAmount(event) &&
                       setProperties(event);
    if (!taken) return nullptr;
    out_.view.payload_hash = payloadHash(timestamp_assigned_);
    return &out_;
}

bool EventNormalizer::reject(std::string_view code, std::string_view field, std::string message) {
    rejection_ = {.code = code, .field = field, .message = std::move(message)};
    return false;
}

bool EventNormalizer::checkSize(const RawEvent& event) {
    if (event.raw.size() <= kEventBytesMax) return true;
    return reject("event_too_large", "",
                  fmt::format("the event has {} bytes and may have {}; leave out large values",
                              event.raw.size(), kEventBytesMax));
}

bool EventNormalizer::checkFaults(const RawEvent& event) {
    if (!event.any_fault) return true;
    const auto check = [&](const JsonMember& member) {
        const TextFault fault = member.fault();
        if (fault == TextFault::kNone) return true;
        const std::string_view name = shortName(member.key.text);
        return reject("invalid_field", name, fmt::format("{} {}", name, describe(fault)));
    };
    // Of a field that is absent nothing is known; one that is null may have a key at fault.
    const auto checkField = [&](const JsonMember& member) {
        return member.value.kind == Kind::kAbsent || check(member);
    };
    return std::all_of(event.fields.begin(), event.fields.end(), checkField) &&
           std::all_of(event.unknown.begin(), event.unknown.end(), check);
}

bool EventNormalizer::readUnusualText(const JsonValue& value, const TextRule& rule,
                                      std::string_view& text) {
    text = {};
    if (value.isAbsent()) return true;
    const std::string_view name = nameOf(rule.field);
    const bool integer =
        rule.integer_allowed && value.kind == Kind::kNumber && isJsonInteger(value.raw);
    if (value.kind != Kind::kString && !integer)
        return reject("invalid_field", name,
                      fmt::format("{} must be a string{}", name,
                                  rule.integer_allowed ? " or an integer" : ""));
    text = integer ? value.raw : value.text;
    if (text.size() <= rule.bytes_max) return true;
    return reject("invalid_field", name,
                  fmt::format("{} has {} bytes and may have {}; shorten it", name, text.size(),
                              rule.bytes_max));
}

bool EventNormalizer::setEventType(const RawEvent& event) {
    std::string_view& type = out_.view.text(TextField::kEventType);
    for (const EventField name : kEventTypeNames) {
        if (!readText(event, {.field = name, .bytes_max = kIdBytesMax}, type)) return false;
        unread_.event_type_read_from = name;
        if (!type.empty()) return true;
    }
    return reject("missing_field", "event_type",
                  "event_type is missing; say what happened, as in \"event_type\":\"add_to_cart\"");
}

bool EventNormalizer::setPerson(const RawEvent& event) {
    std::string_view& user = out_.view.text(TextField::kUserId);
    std::string_view& anonymous = out_.view.text(TextField::kAnonymousId);
    if (!readText(event, {EventField::kUserId, kIdBytesMax, true}, user) ||
        !readText(event, {EventField::kAnonymousId, kIdBytesMax, true}, anonymous))
        return false;
    if (!user.empty() || !anonymous.empty()) return true;
    return reject("missing_field", "user_id",
                  "user_id and anonymous_id are missing; send one of them, so that the event "
                  "belongs to a person");
}

bool EventNormalizer::setId(const RawEvent& event, UtcTime received_at) {
    std::string_view text;
    if (!readText(event, {EventField::kEventId, kIdBytesMax, true}, text)) return false;
    const std::optional<EventId> uuid = parseUuid(text);
    out_.id_assigned = text.empty() || (uuid && uuid->isNil());
    unread_.event_id = !out_.id_assigned && !uuid;
    if (out_.id_assigned)
        out_.view.id = makeUuidV7(received_at, random_);
    else
        out_.view.id = uuid ? *uuid : key_.idOf(text);
    return true;
}

bool EventNormalizer::setTimestamp(const RawEvent& event, UtcTime received_at) {
    const JsonValue& value = event.field(EventField::kTimestamp).value;
    const std::string_view text = value.kind == Kind::kString ? value.text : value.raw;
    timestamp_assigned_ = value.isAbsent() || text.empty();
    out_.late = false;
    out_.view.timestamp_us = microsSinceEpoch(received_at);
    if (timestamp_assigned_) return true;
    if (value.kind != Kind::kString && value.kind != Kind::kNumber)
        return reject("invalid_field", "timestamp",
                      "timestamp must be a string or a number; write it as "
                      "2026-03-01T09:30:00+05:30 or as an epoch number");
    const Result<UtcTime> time = parseTime(text, zone_);
    if (!time)
        return reject("invalid_field", "timestamp", fmt::format("timestamp {}", time.error().what));
    if (microsSinceEpoch(*time) < 0)
        return reject("invalid_field", "timestamp",
                      "timestamp lies before 1970; send the time at which the event happened");
    if (*time - received_at > kAheadMax)
        return reject("invalid_field", "timestamp",
                      "timestamp lies more than 24 hours in the future; check the sender's clock "
                      "and the unit of the number");
    out_.late = received_at - *time > kLateAfter;
    out_.view.timestamp_us = microsSinceEpoch(*time);
    return true;
}

bool EventNormalizer::setCity(const RawEvent& event) {
    std::string_view& city = out_.view.text(TextField::kCity);
    if (!readText(event, {.field = EventField::kCity, .bytes_max = kTextBytesMax}, city))
        return false;
    city = cities_.canonical(city);
    return true;
}

bool EventNormalizer::setTexts(const RawEvent& event) {
    struct Column {
        TextField to;
        TextRule rule;
    };
    static constexpr std::array<Column, 6> kColumns = {{
        {TextField::kSessionId, {EventField::kSessionId, kTextBytesMax, true}},
        {TextField::kDevice, {EventField::kDevice, kTextBytesMax}},
        {TextField::kChannel, {EventField::kChannel, kTextBytesMax}},
        {TextField::kProductId, {EventField::kProductId, kTextBytesMax, true}},
        {TextField::kCategory, {EventField::kCategory, kTextBytesMax}},
        {TextField::kOrderId, {EventField::kOrderId, kTextBytesMax, true}},
    }};
    return std::all_of(kColumns.begin(), kColumns.end(), [&](const Column& column) {
        return readText(event, column.rule, out_.view.text(column.to));
    });
}

bool EventNormalizer::setCurrency(const RawEvent& event) {
    std::string_view& currency = out_.view.text(TextField::kCurrency);
    if (!readText(event, {.field = EventField::kCurrency, .bytes_max = kTextBytesMax}, currency))
        return false;
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    if (std::none_of(currency.begin(), currency.end(), isLower)) return true;
    currency_ = currency;
    for (char& c : currency_)
        if (isLower(c)) c = static_cast<char>(c - 'a' + 'A');
    currency = currency_;
    return true;
}

bool EventNormalizer::setQuantity(const RawEvent& event) {
    const JsonValue& value = event.field(EventField::kQuantity).value;
    out_.view.quantity = EventBatch::kNoQuantity;
    if (value.isAbsent()) return true;
    std::int64_t quantity = -1;
    const char* const end = value.raw.data() + value.raw.size();
    const auto [stop, error] = std::from_chars(value.raw.data(), end, quantity);
    if (value.kind != Kind::kNumber || error != std::errc() || stop != end || quantity < 0)
        return reject("invalid_field", "quantity",
                      "quantity must be an integer from 0 to 9223372036854775807, as in "
                      "\"quantity\":2");
    out_.view.quantity = quantity;
    return true;
}

bool EventNormalizer::setAmount(const RawEvent& event) {
    const JsonValue& value = event.field(EventField::kAmount).value;
    const std::string_view text = value.kind == Kind::kString ? value.text : value.raw;
    out_.view.amount_ten_thousandths = EventBatch::kNoAmount;
    if (value.isAbsent() || text.empty()) return true;
    const Result<Decimal> amount = parseDecimal(text);
    if (!amount)
        return reject("invalid_field", "amount",
                      fmt::format("amount {}; write it as 1234.50, with at most 4 decimals and up "
                                  "to 10^12",
                                  amount.error().what));
    if (amount->ten_thousandths < 0)
        return reject("invalid_field", "amount",
                      "amount is negative; send a refund as an event of its own type");
    out_.view.amount_ten_thousandths = static_cast<std::int64_t>(amount->ten_thousandths);
    return true;
}

bool EventNormalizer::setProperties(const RawEvent& event) {
    const JsonValue& value = event.field(EventField::kProperties).value;
    if (!value.isAbsent() && value.kind != Kind::kObject)
        return reject("invalid_field", "properties",
                      "properties must be an object, as in \"properties\":{\"plan\":\"gold\"}");
    out_.view.text(TextField::kProperties) = properties_.merge(event, unread_);
    return true;
}

// Over lengths and bytes, so that no two events give the same input. Stored: it must never change.
PayloadHash EventNormalizer::payloadHash(bool timestamp_assigned) {
    const EventView& view = out_.view;
    std::size_t bytes = (3 + view.texts.size()) * sizeof(std::uint64_t);
    for (const std::string_view text : view.texts) bytes += text.size();
    if (hash_input_.size() < bytes) hash_input_.resize(bytes);

    ByteWriter out(hash_input_);
    const auto add = [&out](std::uint64_t number) { out.bytes(&number, sizeof number); };
    add(timestamp_assigned ? ~0ULL : static_cast<std::uint64_t>(view.timestamp_us));
    add(static_cast<std::uint64_t>(view.amount_ten_thousandths));
    add(static_cast<std::uint64_t>(view.quantity));
    for (const std::string_view text : view.texts) {
        add(text.size());
        out.text(text);
    }
    return static_cast<PayloadHash>(XXH3_64bits(hash_input_.data(), out.written()));
}

}  // namespace footfall
