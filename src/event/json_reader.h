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
    const char* position() const { return at(next_); }
    // Reads the next value to its end. `members`, if given, gets the members of an object.
    [[nodiscard]] Error read(int depth, JsonValue& out,
                             std::vector<JsonMember>* members = nullptr) {
        return peek() == '"' ? readString(out) : readOther(depth, out, members);
    }
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
    // A token is where it begins in the text; they stand in order, behind the last one the end.
    using Token = const std::uint32_t*;
    const char* at(Token token) const { return text_.data() + *token; }
    // The token's first byte; NUL behind the last, which no token begins with.
    char first(Token token) const { return token < end_ ? *at(token) : '\0'; }
    char peek() const { return first(next_); }
    char take() { return next_ < end_ ? *at(next_++) : '\0'; }
    // The next token as sent, without white space around.
    std::string_view takeToken();
    bool hasEscapes(std::string_view token);
    void findBackslash(std::string_view token);
    // REQUIRES: a token that begins with a quote; the first pass has made sure that it ends with
    // one.
    static std::string_view betweenQuotes(std::string_view token) {
        return {token.data() + 1, token.size() - 2};
    }

    [[nodiscard]] Error enter(int depth, char closing);
    [[nodiscard]] Error readKey(JsonKey& out);
    [[nodiscard]] Error readString(JsonValue& out);
    // A value that is no string.
    [[nodiscard]] Error readOther(int depth, JsonValue& out, std::vector<JsonMember>* members);
    [[nodiscard]] Error readObject(int depth, JsonValue& out, std::vector<JsonMember>* members);
    [[nodiscard]] Error readArray(int depth, JsonValue& out);
    struct Unescaped {
        Error error = simdjson::SUCCESS;
        TextFault fault = TextFault::kNone;
        std::string_view text;  // as sent when there is a fault
    };
    [[nodiscard]] Unescaped unescape(std::string_view between_quotes);
    [[nodiscard]] Error growTo(std::size_t bytes);

    // The buffers.
    std::unique_ptr<simdjson::internal::dom_parser_implementation> tokens_;
    std::unique_ptr<std::uint8_t[]> unescaped_;
    std::size_t capacity_ = 0;

    // Of the text that is open.
    std::string_view text_;
    Token next_ = nullptr;
    Token end_ = nullptr;
    std::uint8_t* unescaped_end_ = nullptr;
    const char* backslash_ = nullptr;  // none stands between the last token looked at and it
};

// Nesting beyond this is refused; the limit also bounds the recursion.
constexpr int kJsonDepthMax = 32;

// What stands below is gone through for every member of every event, and is a part of that loop.

inline std::string_view JsonReader::takeToken() {
    const char* const from = at(next_);
    const char* to = at(++next_);
    while (to > from && isJsonSpace(to[-1])) --to;
    return {from, static_cast<std::size_t>(to - from)};
}

// Tokens come in order, so that the text is searched for backslashes once.
inline bool JsonReader::hasEscapes(std::string_view token) {
    if (backslash_ < token.data()) findBackslash(token);
    return backslash_ < token.data() + token.size();
}

// A part of the loop, whatever the compiler thinks of its size, and no address of the key is taken:
// so the key stays in registers until it is stored where it belongs. Stored before, it would be
// waited for: two halves that were just written cannot be read as one number. That is also why
// readString() says half of it again: with a part that both call, g++ 12 puts the key in memory.
[[gnu::always_inline]] inline JsonReader::Error JsonReader::readKey(JsonKey& out) {
    if (peek() != '"' || first(next_ + 1) != ':') return simdjson::TAPE_ERROR;
    out.raw = takeToken();
    out.text = betweenQuotes(out.raw);
    ++next_;
    if (!hasEscapes(out.raw)) return simdjson::SUCCESS;
    const Unescaped unescaped = unescape(out.text);
    out.text = unescaped.text;
    out.fault = unescaped.fault;
    return unescaped.error;
}

inline JsonReader::Error JsonReader::readString(JsonValue& out) {
    out.kind = Kind::kString;
    out.fault = TextFault::kNone;
    out.raw = takeToken();
    out.text = betweenQuotes(out.raw);
    if (!hasEscapes(out.raw)) return simdjson::SUCCESS;
    const Unescaped unescaped = unescape(out.text);
    out.text = unescaped.text;
    out.fault = unescaped.fault;
    return unescaped.error;
}

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
