#pragma once

#include <string_view>
#include <vector>

#include <simdjson.h>

#include "event/json_text.h"

namespace footfall {

// A value of a JSON text, checked through and through. Views point into the text or into the
// parser, and are good until the parser reads the next text.
struct JsonValue {
    enum class Kind : std::uint8_t { kAbsent, kNull, kBool, kNumber, kString, kObject, kArray };

    Kind kind = Kind::kAbsent;
    TextFault fault = TextFault::kNone;  // of it or anything inside
    std::string_view raw;                // as sent, without white space around
    std::string_view text;               // of a string without fault, its text

    bool isAbsent() const { return kind == Kind::kAbsent || kind == Kind::kNull; }
};

struct JsonMember {
    std::string_view key;  // its text; as sent when it has a fault
    std::string_view raw_key;
    TextFault key_fault = TextFault::kNone;
    JsonValue value;
};

// JsonReader: walks a text with simdjson's On-Demand and checks what that leaves unchecked: every
// leaf, nesting, what stands after the end.
// Threads: one at a time.   Lifetime: one text.   Outlived by: parser and text.
// Errors: simdjson's codes; after one the document is of no more use, and the text not well-formed.
// Cost: no allocation.   Depth: the outermost brackets are 1.
class JsonReader {
  public:
    using Error = simdjson::error_code;

    // REQUIRES: SIMDJSON_PADDING bytes after `text` can be read.
    [[nodiscard]] Error open(simdjson::ondemand::parser& parser, std::string_view text);
    // Of the whole text.
    [[nodiscard]] Error readType(simdjson::ondemand::json_type& type);
    [[nodiscard]] Error readRoot(simdjson::ondemand::object& object);
    [[nodiscard]] Error readRoot(simdjson::ondemand::array& array);
    // The whole text, whatever it is, only checked.
    [[nodiscard]] Error checkRoot(simdjson::ondemand::json_type type);

    // Reads one value to its end. `members`, if given, gets the members of an object.
    [[nodiscard]] Error read(simdjson::ondemand::value value, int depth, JsonValue& out,
                             std::vector<JsonMember>* members = nullptr);
    // Calls visit(JsonMember, ondemand::value) -> Error for each member, its value yet to be read.
    template <class Visit>
    [[nodiscard]] Error readMembers(simdjson::ondemand::object object, int depth, Visit visit);
    template <class Visit>
    [[nodiscard]] Error readElements(simdjson::ondemand::array array, int depth, Visit visit);
    // From `start` to the last byte that was read.
    std::string_view readSince(const char* start);
    // Nothing but white space may be left.
    [[nodiscard]] Error checkEnd();

  private:
    [[nodiscard]] Error readObject(simdjson::ondemand::value value, int depth, JsonValue& out,
                                   std::vector<JsonMember>* members);
    [[nodiscard]] Error readArray(simdjson::ondemand::value value, int depth, JsonValue& out);
    [[nodiscard]] Error readKey(simdjson::ondemand::field& field, JsonMember& out);
    [[nodiscard]] Error readString(simdjson::ondemand::value value, JsonValue& out);

    [[nodiscard]] Error checkRootScalar(simdjson::ondemand::json_type type);

    simdjson::ondemand::document document_;
    std::string_view text_;
};

// Nesting beyond this is refused; the limit also bounds the recursion.
constexpr int kJsonDepthMax = 32;

template <class Visit>
JsonReader::Error JsonReader::readMembers(simdjson::ondemand::object object, int depth,
                                          Visit visit) {
    if (depth > kJsonDepthMax) return simdjson::DEPTH_ERROR;
    for (simdjson::simdjson_result<simdjson::ondemand::field> result : object) {
        simdjson::ondemand::field field;
        if (const Error error = std::move(result).get(field)) return error;
        JsonMember member;
        if (const Error error = readKey(field, member)) return error;
        if (const Error error = visit(member, field.value())) return error;
    }
    return simdjson::SUCCESS;
}

template <class Visit>
JsonReader::Error JsonReader::readElements(simdjson::ondemand::array array, int depth,
                                           Visit visit) {
    if (depth > kJsonDepthMax) return simdjson::DEPTH_ERROR;
    for (simdjson::simdjson_result<simdjson::ondemand::value> result : array) {
        simdjson::ondemand::value value;
        if (const Error error = std::move(result).get(value)) return error;
        if (const Error error = visit(value)) return error;
    }
    return simdjson::SUCCESS;
}

}  // namespace footfall
