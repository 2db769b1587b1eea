#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "event/json_text.h"

namespace footfall {

// A value of a JSON text, checked through and through. Views point into the text or into the
// reader, and are good until the reader opens the next text.
struct JsonValue {
    enum class Kind : std::uint8_t { kAbsent, kNull, kBool, kNumber, kString, kObject, kArray };

    Kind kind = Kind::kAbsent;
    TextFault fault = TextFault::kNone;  // of it or anything inside
    std::string_view raw;                // as sent, without white space around
    std::string_view text;               // of a string without fault, its text

    bool isAbsent() const { return kind == Kind::kAbsent || kind == Kind::kNull; }
};

struct JsonKey {
    std::string_view text;  // as sent when it has a fault
    std::string_view raw;   // as sent, with its quotes
    TextFault fault = TextFault::kNone;
};

struct JsonMember {
    JsonKey key;
    JsonValue value;

    // The key's, else the value's.
    TextFault fault() const { return key.fault != TextFault::kNone ? key.fault : value.fault; }
};

// JsonReader: walks a text from value to value. The first pass over it is simdjson's: it finds
// where each token begins and checks UTF-8, quotes and control characters. The walk checks the
// rest: every leaf, what may follow what, nesting, what stands after the end.
// Threads: one at a time.   Lifetime: reused, so that its buffers are.   Outlived by: the text.
// Errors: simdjson's codes; after one the text is of no more use, and not well-formed.
// Cost: no allocation but for a text longer than all before.   Depth: the outermost brackets are 1.
// Why not simdjson's On-Demand: it keeps a state for each value and leaves the leaves unchecked, so
// that most of a text is looked at twice. The first pass alone is simdjson's own interface between
// its stages, which docs/dependencies.md says.
class JsonReader {
  public:
    using Error = simdjson::error_code;
    using Kind = JsonValue::Kind;

    [[nodiscard]] Error open(std::string_view text);

    // What the next value is, by its first byte. kAbsent: no value begins here.
    Kind nextKind() const;
    // Where it begins.
    const char* position() const { return begin(next_); }
    // Reads the next value to its end. `members`, if given, gets the members of an object.
    [[nodiscard]] Error read(int depth, JsonValue& out, std::vector<JsonMember>* members = nullptr);
    // Calls visit(const JsonKey&) -> Error for each member, its value yet to be read.
    // REQUIRES: the next value is an object.
    template <class Visit>
    [[nodiscard]] Error readMembers(int depth, Visit visit);
    // Calls visit() -> Error for each element, yet to be read. REQUIRES: the next value is an
    // array.
    template <class Visit>
    [[nodiscard]] Error readElements(int depth, Visit visit);

    // From `start` to the last byte that was read.
    std::string_view readSince(const char* start) const;
    // Nothing but white space may be left.
    [[nodiscard]] Error checkEnd() const;
    // The whole text, whatever it is, only checked.
    [[nodiscard]] Error checkWhole();

  private:
    // Tokens: where they begin, in order; behind the last one stands the end of the text.
    bool atEnd() const { return next_ == count_; }
    const char* begin(std::size_t token) const { return text_.data() + begins_[token]; }
    // The token's first byte; NUL behind the last, which no token begins with.
    char first(std::size_t token) const { return token < count_ ? *begin(token) : '\0'; }
    char peek() const { return first(next_); }
    char take() { return atEnd() ? '\0' : *begin(next_++); }
    // The next token as sent, without white space around.
    std::string_view takeToken();

    [[nodiscard]] Error enter(int depth, char closing);
    [[nodiscard]] Error readKey(JsonKey& out);
    [[nodiscard]] Error readString(JsonValue& out);
    [[nodiscard]] Error readObject(int depth, JsonValue& out, std::vector<JsonMember>* members);
    [[nodiscard]] Error readArray(int depth, JsonValue& out);
    [[nodiscard]] Error unescape(std::string_view raw, TextFault& fault, std::string_view& text);
    bool hasEscapes(std::string_view token);
    [[nodiscard]] Error growTo(std::size_t bytes);

    // The buffers.
    std::unique_ptr<simdjson::internal::dom_parser_implementation> tokens_;
    std::unique_ptr<std::uint8_t[]> unescaped_;
    std::size_t capacity_ = 0;

    // Of the text that is open.
    std::string_view text_;
    const std::uint32_t* begins_ = nullptr;
    std::size_t count_ = 0;
    std::size_t next_ = 0;
    std::uint8_t* unescaped_end_ = nullptr;
    const char* backslash_ = nullptr;  // none stands between the last token looked at and it
};

// Nesting beyond this is refused; the limit also bounds the recursion.
constexpr int kJsonDepthMax = 32;

template <class Visit>
JsonReader::Error JsonReader::readMembers(int depth, Visit visit) {
    if (const Error error = enter(depth, '}')) return error;
    if (peek() == '}') {
        ++next_;
        return simdjson::SUCCESS;
    }
    while (true) {
        JsonKey key;
        if (const Error error = readKey(key)) return error;
        if (const Error error = visit(key)) return error;
        const char after = take();
        if (after == '}') return simdjson::SUCCESS;
        if (after != ',') return simdjson::TAPE_ERROR;
    }
}

template <class Visit>
JsonReader::Error JsonReader::readElements(int depth, Visit visit) {
    if (const Error error = enter(depth, ']')) return error;
    if (peek() == ']') {
        ++next_;
        return simdjson::SUCCESS;
    }
    while (true) {
        if (const Error error = visit()) return error;
        const char after = take();
        if (after == ']') return simdjson::SUCCESS;
        if (after != ',') return simdjson::TAPE_ERROR;
    }
}

}  // namespace footfall
