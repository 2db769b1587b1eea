#include "event/unicode.h"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "support/check.h"

namespace footfall {
namespace {

std::string mapped(std::string_view text, int options) {
    utf8proc_uint8_t* out = nullptr;
    const utf8proc_ssize_t bytes =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                     static_cast<utf8proc_ssize_t>(text.size()), &out,
                     static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE));
    CHECK(bytes >= 0, "the text is valid UTF-8");
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
    return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(bytes)};
}

bool isSpace(utf8proc_int32_t point) {
    if (point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85) return true;
    const utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

// Takes the first code point off `text`. REQUIRES: text is not empty.
utf8proc_int32_t takePoint(std::string_view& text) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t bytes =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &point);
    CHECK(bytes > 0, "the text is valid UTF-8");
    text.remove_prefix(static_cast<std::size_t>(bytes));
    return point;
}

void appendPoint(utf8proc_int32_t point, std::string& out) {
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t count = utf8proc_encode_char(point, bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

std::string collapseSpaces(std::string_view text) {
    std::string out;
    bool space_pending = false;
    while (!text.empty()) {
        const utf8proc_int32_t point = takePoint(text);
        if (isSpace(point)) {
            space_pending = !out.empty();
            continue;
        }
        if (space_pending) out += ' ';
        space_pending = false;
        appendPoint(point, out);
    }
    return out;
}

}  // namespace

std::string tidyText(std::string_view text) {
    return collapseSpaces(mapped(text, UTF8PROC_COMPOSE));
}

std::string caselessKey(std::string_view text) {
    return mapped(text, UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE);
}

std::string capitalizeWords(std::string_view text) {
    std::string out;
    bool word_begins = true;
    while (!text.empty()) {
        const utf8proc_int32_t point = utf8proc_tolower(takePoint(text));
        appendPoint(word_begins ? utf8proc_totitle(point) : point, out);
        word_begins = isSpace(point);
    }
    return mapped(out, UTF8PROC_COMPOSE);
}

}  // namespace footfall
