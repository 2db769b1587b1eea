#include "main/dead_letter_reader.h"

#include <utility>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "support/time_text.h"

namespace footfall {
namespace {

// The member `event` of the line, to the byte: a number through a double would change amounts.
std::optional<std::string> rawEvent(const std::string& line) {
    const simdjson::padded_string padded(line);
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    simdjson::ondemand::value event;
    std::string_view text;
    if (parser.iterate(padded).get(document) || document["event"].get(event) ||
        simdjson::to_json_string(event).get(text))
        return std::nullopt;
    return std::string(text);
}

// "" when it has no such text.
std::string textOf(const nlohmann::json& object, const char* name) {
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

std::optional<DeadLetter> parse(const std::string& line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("event") || !json["event"].is_object())
        return std::nullopt;
    const auto time = parseTime(textOf(json, "time"), TimeZone::utc());
    auto event = rawEvent(line);
    if (!time || !event) return std::nullopt;
    DeadLetter letter{.event = std::move(*event),
                      .event_id = textOf(json["event"], "event_id"),
                      .event_type = textOf(json["event"], "event_type"),
                      .user = textOf(json["event"], "user_id"),
                      .reason = textOf(json, "reason"),
                      .time = *time};
    if (letter.user.empty()) letter.user = textOf(json["event"], "anonymous_id");
    return letter;
}

}  // namespace

DeadLetterReader::DeadLetterReader(ByteSource& source, OnSkipped on_skipped)
    : lines_(source), on_skipped_(std::move(on_skipped)) {}

Result<std::optional<DeadLetter>> DeadLetterReader::next() {
    std::string line;
    while (true) {
        const std::uint64_t begin = lines_.endOffset();
        const auto found = lines_.next(line);
        if (!found) return std::unexpected(found.error());
        if (!*found) return std::nullopt;
        if (!lines_.ended()) {
            // Perhaps the server is writing it just now.
            on_skipped_(lines_.number(), "not written to its end");
            return std::nullopt;
        }
        if (line.empty()) continue;
        if (auto letter = parse(line)) {
            letter->line = lines_.number();
            letter->begin = begin;
            letter->end = lines_.endOffset();
            return letter;
        }
        on_skipped_(lines_.number(), "not a dead letter");
    }
}

}  // namespace footfall
