#pragma once

#include <cmath>
#include <concepts>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "event/json_text.h"

namespace footfall {

// JsonWriter: writes JSON as it is told, without making a document of it first: for lists of
// thousands of objects. Numbers look as nlohmann's do: 12.0, 1e-07, and null for what is none.
// Threads: one at a time.
class JsonWriter {
  public:
    // The members or elements are what is written until end().
    void beginObject() { begin('{', '}'); }
    void beginArray() { begin('[', ']'); }
    void end() {
        text_ += closing_.back();
        closing_.pop_back();
        is_first_ = false;
    }
    // Its value is what is written next.
    void name(std::string_view name) {
        value(name);
        text_ += ':';
        is_first_ = true;
    }

    void value(const std::convertible_to<std::string_view> auto& text) {
        separate();
        appendJsonString(text, text_);
    }
    void value(std::integral auto number) { append(number); }
    void value(double number) {
        if (!std::isfinite(number)) return null();
        const std::size_t begin = append(number);
        if (text_.find_first_of(".e", begin) == std::string::npos) text_ += ".0";
    }
    template <class T>
    void value(const std::optional<T>& value_or_null) {
        if (value_or_null)
            value(*value_or_null);
        else
            null();
    }
    void null() {
        separate();
        text_ += "null";
    }
    template <class T>
    void member(std::string_view of, const T& its_value) {
        name(of);
        value(its_value);
    }

    // REQUIRES: as many end() as begin.
    std::string take() { return std::move(text_); }

  private:
    void begin(char opening, char closing) {
        separate();
        text_ += opening;
        closing_ += closing;
        is_first_ = true;
    }
    void separate() {
        if (!is_first_) text_ += ',';
        is_first_ = false;
    }
    // Returns where it begins.
    template <class Number>
    std::size_t append(Number number) {
        separate();
        const std::size_t begin = text_.size();
        fmt::format_to(std::back_inserter(text_), "{}", number);
        return begin;
    }

    std::string text_;
    std::string closing_;   // what end() has to write, the innermost last
    bool is_first_ = true;  // no comma before what comes next
};

}  // namespace footfall
