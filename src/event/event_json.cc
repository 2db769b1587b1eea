#include "event/event_json.h"

#include <algorithm>

#include <fmt/format.h>

#include "event/event_normalizer.h"
#include "event/json_reader.h"
#include "event/raw_event.h"

namespace footfall {
namespace {

using simdjson::SUCCESS;
using Kind = JsonValue::Kind;

static_assert(kDepthMax == kJsonDepthMax);

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
// simdjson has no code of its own for it, and no text is too long for the parser.
constexpr JsonReader::Error kTooManyEvents = simdjson::CAPACITY;

std::string_view explain(JsonReader::Error error) {
    switch (error) {
        case simdjson::DEPTH_ERROR:
            return "it is nested deeper than 32 levels";
        case simdjson::UTF8_ERROR:
            return "it is not valid UTF-8";
        case simdjson::UNCLOSED_STRING:
            return "a string is not closed";
        case simdjson::UNESCAPED_CHARS:
            return "a string holds a control character; write it as \\u00XX";
        case simdjson::STRING_ERROR:
            return "a string holds an escape that JSON does not know";
        case simdjson::NUMBER_ERROR:
            return "a number is not written as JSON writes it";
        case simdjson::T_ATOM_ERROR:
        case simdjson::N_ATOM_ERROR:
            return "a value is none of true, false and null";
        case simdjson::TRAILING_CONTENT:
            return "something stands after its end";
        default:
            return "a comma, colon, bracket or value is missing or out of place";
    }
}

Rejection notAnObject() {
    return {.code = "not_an_object",
            .field = "",
            .message =
                "an event is a JSON object, as in {\"user_id\":\"u1\",\"event_type\":"
                "\"access_app\"}"};
}

}  // namespace

class EventParser::Impl {
  public:
    Impl(EventParserOptions options, std::uint64_t random_seed)
        : normalizer_(std::move(options), random_seed) {}

    Result<ParseOutcome> parse(std::string& body, bool ndjson, UtcTime received_at,
                               EventBatch& out);

  private:
    using JsonError = JsonReader::Error;

    // One JSON text: an event, a list, or an object that carries a list.
    [[nodiscard]] JsonError readDocument(std::string_view text);
    [[nodiscard]] JsonError readRootObject(std::string_view text);
    [[nodiscard]] JsonError readEvents(int depth);
    [[nodiscard]] JsonError readEvent(int depth, RawEvent& out);

    bool looksLikeLines(std::string_view text);
    [[nodiscard]] JsonError readLines(std::string_view text);
    // What is wrong with a line rejects that line only.
    void readLine(std::string_view line, std::size_t index);

    void restart();
    // Before each event: whether there may be one more.
    [[nodiscard]] JsonError count();
    void take(const RawEvent& event, std::size_t index);
    void reject(std::size_t index, Rejection rejection);
    std::unexpected<Error> failure(JsonError error);

    EventNormalizer normalizer_;
    JsonReader reader_;
    RawEvent root_;     // the body, or a line of it
    RawEvent element_;  // of a list
    EventBatchBuilder builder_;
    ParseOutcome outcome_;
    UtcTime received_at_;
};

Result<ParseOutcome> EventParser::Impl::parse(std::string& body, bool ndjson, UtcTime received_at,
                                              EventBatch& out) {
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    std::string_view text = body;
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    text = trimJsonSpaces(text);
    if (text.empty())
        return fail(Code::kMalformed, "the body is empty; send one event or a list of events");

    received_at_ = received_at;
    restart();
    const JsonError error = ndjson || looksLikeLines(text) ? readLines(text) : readDocument(text);
    if (error) return failure(error);
    if (outcome_.received == 0)
        return fail(Code::kInvalidArgument, "the list of events is empty; send at least one");

    builder_.batch().received_at = received_at;
    builder_.batch().rejected_count = outcome_.rejected;
    out = builder_.take();
    return std::move(outcome_);
}

std::unexpected<Error> EventParser::Impl::failure(JsonError error) {
    if (error == kTooManyEvents)
        return fail(Code::kTooLarge, fmt::format("the request has more than {} events; send them "
                                                 "in several requests",
                                                 kRequestEventsMax));
    return fail(Code::kMalformed,
                fmt::format("the body is not well-formed JSON: {}", explain(error)));
}

void EventParser::Impl::restart() {
    if (builder_.size() > 0) builder_.take();
    outcome_ = {};
}

JsonReader::Error EventParser::Impl::readDocument(std::string_view text) {
    if (const JsonError error = reader_.open(text)) return error;
    if (reader_.nextKind() == Kind::kObject) return readRootObject(text);
    if (reader_.nextKind() == Kind::kArray) {
        if (const JsonError error = readEvents(1)) return error;
        return reader_.checkEnd();
    }
    if (const JsonError error = reader_.checkWhole()) return error;
    if (const JsonError error = count()) return error;
    reject(0, notAnObject());
    return SUCCESS;
}

// An object with a list named "events" carries events, and its other members mean nothing; any
// other object is an event.
JsonReader::Error EventParser::Impl::readRootObject(std::string_view text) {
    const char* const begin = text.data();
    bool carries_events = false;
    root_.clear();
    const auto visit = [&](const JsonKey& key) -> JsonError {
        if (key.text != "events" || reader_.nextKind() != Kind::kArray)
            return readEventMember(reader_, key, 1, begin, root_);
        carries_events = true;
        restart();
        return readEvents(2);
    };
    if (const JsonError error = reader_.readMembers(1, visit)) return error;
    if (const JsonError error = reader_.checkEnd()) return error;
    if (carries_events) return SUCCESS;
    if (const JsonError error = count()) return error;
    root_.raw = text;
    take(root_, 0);
    return SUCCESS;
}

JsonReader::Error EventParser::Impl::readEvents(int depth) {
    return reader_.readElements(depth, [&]() -> JsonError {
        if (const JsonError error = count()) return error;
        const std::size_t index = outcome_.received - 1;
        if (reader_.nextKind() == Kind::kObject) {
            if (const JsonError error = readEvent(depth + 1, element_)) return error;
            take(element_, index);
            return SUCCESS;
        }
        JsonValue other;
        if (const JsonError error = reader_.read(depth, other)) return error;
        reject(index, notAnObject());
        return SUCCESS;
    });
}

JsonReader::Error EventParser::Impl::readEvent(int depth, RawEvent& out) {
    const char* const start = reader_.position();
    out.clear();
    const auto visit = [&](const JsonKey& key) {
        return readEventMember(reader_, key, depth, start, out);
    };
    if (const JsonError error = reader_.readMembers(depth, visit)) return error;
    out.raw = reader_.readSince(start);
    return SUCCESS;
}

// Whether the first line is a whole JSON object and more lines follow. No JSON text can go on after
// a whole object, so nothing else looks like this.
bool EventParser::Impl::looksLikeLines(std::string_view text) {
    if (!text.starts_with('{')) return false;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    const std::string_view line = trimJsonSpaces(text.substr(0, end));
    if (!line.ends_with('}')) return false;
    return reader_.open(line) == SUCCESS && reader_.checkWhole() == SUCCESS;
}

JsonReader::Error EventParser::Impl::readLines(std::string_view text) {
    std::size_t index = 0;
    for (std::size_t begin = 0; begin < text.size(); ++index) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = trimJsonSpaces(text.substr(begin, end - begin));
        begin = end + 1;
        if (line.empty()) continue;
        if (const JsonError error = count()) return error;
        readLine(line, index);
    }
    return SUCCESS;
}

void EventParser::Impl::readLine(std::string_view line, std::size_t index) {
    JsonError error = reader_.open(line);
    const bool is_object = !error && reader_.nextKind() == Kind::kObject;
    if (is_object) {
        error = readEvent(1, root_);
        if (!error) error = reader_.checkEnd();
    } else if (!error) {
        error = reader_.checkWhole();
    }
    if (error)
        reject(index,
               {.code = "malformed_json",
                .field = "",
                .message = fmt::format("the line is not well-formed JSON: {}", explain(error))});
    else if (is_object)
        take(root_, index);
    else
        reject(index, notAnObject());
}

JsonReader::Error EventParser::Impl::count() {
    if (outcome_.received == kRequestEventsMax) return kTooManyEvents;
    ++outcome_.received;
    return SUCCESS;
}

void EventParser::Impl::take(const RawEvent& event, std::size_t index) {
    const NormalizedEvent* const normalized = normalizer_.normalize(event, received_at_);
    if (normalized == nullptr) return reject(index, normalizer_.rejection());
    builder_.append(normalized->view);
    builder_.batch().assigned_id_count += normalized->id_assigned ? 1 : 0;
    builder_.batch().late_count += normalized->late ? 1 : 0;
    ++outcome_.accepted;
}

void EventParser::Impl::reject(std::size_t index, Rejection rejection) {
    ++outcome_.rejected;
    if (outcome_.errors.size() == kListedErrorsMax) return;
    outcome_.errors.push_back({.index = static_cast<std::uint32_t>(index),
                               .code = std::string(rejection.code),
                               .field = std::string(rejection.field),
                               .message = std::move(rejection.message)});
}

EventParser::EventParser(EventParserOptions options, std::uint64_t random_seed)
    : impl_(std::make_unique<Impl>(std::move(options), random_seed)) {}

EventParser::~EventParser() = default;

Result<ParseOutcome> EventParser::parse(std::string& body, bool ndjson, UtcTime received_at,
                                        EventBatch& out) {
    return impl_->parse(body, ndjson, received_at, out);
}

}  // namespace footfall
