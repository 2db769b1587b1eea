#include "event/json_reader.h"

namespace footfall {
namespace {

using simdjson::SUCCESS;
using simdjson::ondemand::array;
using simdjson::ondemand::field;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

void noteFault(TextFault fault, JsonValue& out) {
    if (out.fault == TextFault::kNone) out.fault = fault;
}

// Number, true, false or null, as the type says that its first byte promises.
JsonReader::Error checkLiteral(json_type type, std::string_view token) {
    switch (type) {
        case json_type::number:
            return isJsonNumber(token) ? SUCCESS : simdjson::NUMBER_ERROR;
        case json_type::boolean:
            return token == "true" || token == "false" ? SUCCESS : simdjson::T_ATOM_ERROR;
        default:
            return token == "null" ? SUCCESS : simdjson::N_ATOM_ERROR;
    }
}

JsonValue::Kind kindOf(json_type type) {
    switch (type) {
        case json_type::number:
            return JsonValue::Kind::kNumber;
        case json_type::boolean:
            return JsonValue::Kind::kBool;
        case json_type::string:
            return JsonValue::Kind::kString;
        case json_type::object:
            return JsonValue::Kind::kObject;
        case json_type::array:
            return JsonValue::Kind::kArray;
        default:
            return JsonValue::Kind::kNull;
    }
}

// What stands between the quotes of a string token; nullopt when it does not end with a quote of
// its own. The parser's first stage has made sure that no quote stands in between unescaped.
std::optional<std::string_view> betweenQuotes(std::string_view token) {
    if (token.size() < 2 || token.back() != '"') return std::nullopt;
    return token.substr(1, token.size() - 2);
}

bool hasEscapes(std::string_view text) {
    return text.find('\\') != std::string_view::npos;
}

// A key's length is not known to the parser: up to the first quote that is not escaped.
std::string_view keyText(const char* begin, bool& has_escapes) {
    const char* end = begin;
    for (; *end != '"'; ++end)
        if (*end == '\\') {
            has_escapes = true;
            ++end;
        }
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

JsonReader::Error JsonReader::open(simdjson::ondemand::parser& parser, std::string_view text) {
    text_ = text;
    const simdjson::padded_string_view padded(text.data(), text.size(),
                                              text.size() + simdjson::SIMDJSON_PADDING);
    return parser.iterate(padded).get(document_);
}

JsonReader::Error JsonReader::readKey(field& field, JsonMember& out) {
    bool has_escapes = false;
    const std::string_view raw = keyText(field.key().raw(), has_escapes);
    out.raw_key = {raw.data() - 1, raw.size() + 2};
    out.key = raw;
    if (!has_escapes) return SUCCESS;
    const std::optional<TextFault> fault = checkEscapes(raw);
    if (!fault) return simdjson::STRING_ERROR;
    out.key_fault = *fault;
    if (*fault != TextFault::kNone) return SUCCESS;
    return field.unescaped_key().get(out.key);
}

JsonReader::Error JsonReader::readString(value value, JsonValue& out) {
    const std::optional<std::string_view> raw = betweenQuotes(out.raw);
    if (!raw) return simdjson::STRING_ERROR;
    simdjson::ondemand::raw_json_string unused;
    out.text = *raw;
    if (!hasEscapes(*raw)) return value.get_raw_json_string().get(unused);
    const std::optional<TextFault> fault = checkEscapes(*raw);
    if (!fault) return simdjson::STRING_ERROR;
    out.fault = *fault;
    if (*fault != TextFault::kNone) return value.get_raw_json_string().get(unused);
    return value.get_string().get(out.text);
}

JsonReader::Error JsonReader::readObject(value value, int depth, JsonValue& out,
                                         std::vector<JsonMember>* members) {
    object inside;
    if (const Error error = value.get_object().get(inside)) return error;
    return readMembers(inside, depth, [&](JsonMember member, simdjson::ondemand::value child) {
        const Error error = read(child, depth, member.value);
        noteFault(member.key_fault, out);
        noteFault(member.value.fault, out);
        if (members != nullptr) members->push_back(member);
        return error;
    });
}

JsonReader::Error JsonReader::readArray(value value, int depth, JsonValue& out) {
    array inside;
    if (const Error error = value.get_array().get(inside)) return error;
    return readElements(inside, depth, [&](simdjson::ondemand::value child) {
        JsonValue element;
        const Error error = read(child, depth, element);
        noteFault(element.fault, out);
        return error;
    });
}

JsonReader::Error JsonReader::read(value value, int depth, JsonValue& out,
                                   std::vector<JsonMember>* members) {
    json_type type{};
    if (const Error error = value.type().get(type)) return error;
    out.kind = kindOf(type);
    out.fault = TextFault::kNone;
    out.raw = trimJsonSpaces(value.raw_json_token());
    out.text = {};
    if (type == json_type::string) return readString(value, out);
    if (type != json_type::object && type != json_type::array) return checkLiteral(type, out.raw);

    const Error error = type == json_type::object ? readObject(value, depth + 1, out, members)
                                                  : readArray(value, depth + 1, out);
    if (!error) out.raw = readSince(out.raw.data());
    return error;
}

JsonReader::Error JsonReader::readType(json_type& type) {
    return document_.type().get(type);
}

JsonReader::Error JsonReader::readRoot(object& object) {
    return document_.get_object().get(object);
}

JsonReader::Error JsonReader::readRoot(array& array) {
    return document_.get_array().get(array);
}

JsonReader::Error JsonReader::checkRoot(json_type type) {
    JsonValue unused;
    Error error = SUCCESS;
    if (type == json_type::object) {
        object root;
        error = readRoot(root);
        if (!error)
            error = readMembers(root, 1, [&](const JsonMember&, simdjson::ondemand::value child) {
                return read(child, 1, unused);
            });
    } else if (type == json_type::array) {
        array root;
        error = readRoot(root);
        if (!error)
            error = readElements(
                root, 1, [&](simdjson::ondemand::value child) { return read(child, 1, unused); });
    } else {
        return checkRootScalar(type);
    }
    return error ? error : checkEnd();
}

JsonReader::Error JsonReader::checkRootScalar(json_type type) {
    std::string_view token;
    if (const Error error = document_.raw_json_token().get(token)) return error;
    token = trimJsonSpaces(token);
    if (token.size() != trimJsonSpaces(text_).size()) return simdjson::TRAILING_CONTENT;
    if (type != json_type::string) return checkLiteral(type, token);
    const std::optional<std::string_view> raw = betweenQuotes(token);
    return raw && checkEscapes(*raw) ? SUCCESS : simdjson::STRING_ERROR;
}

JsonReader::Error JsonReader::checkEnd() {
    const bool at_end = document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end ? SUCCESS : simdjson::TRAILING_CONTENT;
}

std::string_view JsonReader::readSince(const char* start) {
    const char* next = nullptr;
    if (document_.current_location().get(next)) next = text_.data() + text_.size();
    return trimJsonSpaces({start, static_cast<std::size_t>(next - start)});
}

}  // namespace footfall
