#include "event/json_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace footfall {
namespace {

using simdjson::SUCCESS;
using Kind = JsonValue::Kind;

constexpr std::array<Kind, 256> kKindByFirstByte = [] {
    std::array<Kind, 256> kinds{};
    for (unsigned char digit = '0'; digit <= '9'; ++digit) kinds[digit] = Kind::kNumber;
    kinds['-'] = Kind::kNumber;
    kinds['"'] = Kind::kString;
    kinds['{'] = Kind::kObject;
    kinds['['] = Kind::kArray;
    kinds['t'] = kinds['f'] = Kind::kBool;
    kinds['n'] = Kind::kNull;
    return kinds;
}();

void noteFault(TextFault fault, JsonValue& out) {
    if (out.fault == TextFault::kNone) out.fault = fault;
}

// Number, true, false or null, as its first byte promises.
JsonReader::Error checkLiteral(Kind kind, std::string_view token) {
    switch (kind) {
        case Kind::kNumber:
            return isJsonNumber(token) ? SUCCESS : simdjson::NUMBER_ERROR;
        case Kind::kBool:
            return token == "true" || token == "false" ? SUCCESS : simdjson::T_ATOM_ERROR;
        case Kind::kNull:
            return token == "null" ? SUCCESS : simdjson::N_ATOM_ERROR;
        default:
            return simdjson::TAPE_ERROR;
    }
}

}  // namespace

JsonReader::Error JsonReader::open(std::string_view text) {
    next_ = end_ = nullptr;
    if (text.size() > capacity_)
        if (const Error error = growTo(text.size())) return error;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (const Error error = tokens_->stage1(bytes, text.size(), simdjson::stage1_mode::regular))
        return error;
    text_ = text;
    next_ = tokens_->structural_indexes.get();
    end_ = next_ + tokens_->n_structural_indexes;
    unescaped_end_ = unescaped_.get();
    backslash_ = text.data();
    return SUCCESS;
}

JsonReader::Error JsonReader::growTo(std::size_t bytes) {
    const std::size_t capacity = std::bit_ceil(bytes);
    if (tokens_) {
        if (const Error error = tokens_->set_capacity(capacity)) return error;
    } else if (const Error error =
                   simdjson::get_active_implementation()->create_dom_parser_implementation(
                       capacity, kJsonDepthMax, tokens_)) {
        return error;
    }
    // No text is longer than its escapes; simdjson writes a little further than it has to.
    unescaped_ =
        std::make_unique_for_overwrite<std::uint8_t[]>(capacity + simdjson::SIMDJSON_PADDING);
    capacity_ = capacity;
    return SUCCESS;
}

JsonReader::Kind JsonReader::nextKind() const {
    return kKindByFirstByte[static_cast<unsigned char>(peek())];
}

// The first from where the token begins.
void JsonReader::findBackslash(std::string_view token) {
    const auto from = static_cast<std::size_t>(token.data() - text_.data());
    backslash_ = text_.data() + std::min(text_.find('\\', from), text_.size());
}

JsonReader::Unescaped JsonReader::unescape(std::string_view between_quotes) {
    const std::optional<TextFault> fault = checkEscapes(between_quotes);
    if (!fault) return {.error = simdjson::STRING_ERROR};
    if (*fault != TextFault::kNone) return {.fault = *fault, .text = between_quotes};
    std::uint8_t* const to = unescaped_end_;
    unescaped_end_ =
        tokens_->parse_string(reinterpret_cast<const std::uint8_t*>(between_quotes.data()), to);
    if (unescaped_end_ == nullptr) return {.error = simdjson::STRING_ERROR};
    return {
        .text = {reinterpret_cast<const char*>(to), static_cast<std::size_t>(unescaped_end_ - to)}};
}

JsonReader::Error JsonReader::enter(int depth, char closing) {
    // Told at once, so that a text that was cut off is not taken for one that is too deep.
    if (depth == 1 && first(end_ - 1) != closing) return simdjson::INCOMPLETE_ARRAY_OR_OBJECT;
    if (depth > kJsonDepthMax) return simdjson::DEPTH_ERROR;
    ++next_;
    return SUCCESS;
}

JsonReader::Error JsonReader::readObject(int depth, JsonValue& out,
                                         std::vector<JsonMember>* members) {
    const char* const start = position();
    JsonMember unused;
    const Error error = readMembers(depth, [&](const JsonKey& key) {
        JsonMember& member = members != nullptr ? members->emplace_back() : unused;
        member.key = key;
        const Error inside = read(depth, member.value);
        noteFault(key.fault, out);
        noteFault(member.value.fault, out);
        return inside;
    });
    if (!error) out.raw = readSince(start);
    return error;
}

JsonReader::Error JsonReader::readArray(int depth, JsonValue& out) {
    const char* const start = position();
    const Error error = readElements(depth, [&] {
        JsonValue element;
        const Error inside = read(depth, element);
        noteFault(element.fault, out);
        return inside;
    });
    if (!error) out.raw = readSince(start);
    return error;
}

JsonReader::Error JsonReader::readOther(int depth, JsonValue& out,
                                        std::vector<JsonMember>* members) {
    out.kind = nextKind();
    out.fault = TextFault::kNone;
    out.text = {};
    if (out.kind == Kind::kObject) return readObject(depth + 1, out, members);
    if (out.kind == Kind::kArray) return readArray(depth + 1, out);
    if (out.kind == Kind::kAbsent) return simdjson::TAPE_ERROR;
    out.raw = takeToken();
    return checkLiteral(out.kind, out.raw);
}

JsonReader::Error JsonReader::checkWhole() {
    // Before it is read: a number with a second value behind it is one too many, whatever that is.
    if (nextKind() != Kind::kObject && nextKind() != Kind::kArray && end_ - next_ > 1)
        return nextKind() == Kind::kAbsent ? simdjson::TAPE_ERROR : simdjson::TRAILING_CONTENT;
    JsonValue unused;
    const Error error = read(0, unused);
    return error ? error : checkEnd();
}

JsonReader::Error JsonReader::checkEnd() const {
    return next_ == end_ ? SUCCESS : simdjson::TRAILING_CONTENT;
}

// What was read last ends with one byte that is a token of its own, or where the next one begins.
std::string_view JsonReader::readSince(const char* start) const {
    return trimJsonSpaces({start, static_cast<std::size_t>(at(next_) - start)});
}

}  // namespace footfall
