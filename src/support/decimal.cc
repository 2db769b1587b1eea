#include "support/decimal.h"

#include <algorithm>

#include <fmt/format.h>

#include "support/check.h"

namespace footfall {
namespace {

constexpr int kDecimals = 4;
constexpr Int128 kScale = 10'000;
constexpr Int128 kSizeMax = kScale * 1'000'000'000'000;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// The parts of a JSON number: value = digits * 10^exponent.
struct NumberText {
    bool negative = false;
    std::string digits;  // of the integer and the fraction, one after the other
    long exponent = 0;
};

// Takes the digits at `at`; false when there are none.
bool takeDigits(std::string_view text, std::size_t& at, std::string& digits) {
    const std::size_t first = at;
    while (at < text.size() && isDigit(text[at])) digits += text[at++];
    return at > first;
}

bool takeExponent(std::string_view text, std::size_t& at, long& exponent) {
    ++at;
    bool negative = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    std::string digits;
    if (!takeDigits(text, at, digits)) return false;
    // Six digits are beyond every limit already; more could overflow.
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const long size = digits.size() > 6 ? 1'000'000 : std::stol(digits);
    exponent += negative ? -size : size;
    return true;
}

bool parseNumberText(std::string_view text, NumberText& number) {
    std::size_t at = 0;
    if (at < text.size() && text[at] == '-') number.negative = text[at++] == '-';
    const std::size_t integer = at;
    if (!takeDigits(text, at, number.digits)) return false;
    if (at - integer > 1 && text[integer] == '0') return false;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = ++at;
        if (!takeDigits(text, at, number.digits)) return false;
        number.exponent -= static_cast<long>(at - fraction);
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E'))
        if (!takeExponent(text, at, number.exponent)) return false;
    return at == text.size();
}

// Takes digits up to `count_max` behind each other into `value`; how many they were.
std::size_t takePlainDigits(std::string_view& text, std::size_t count_max, std::int64_t& value) {
    std::size_t count = 0;
    for (; count < text.size() && isDigit(text[count]); ++count) {
        if (count == count_max) return 0;
        value = value * 10 + (text[count] - '0');
    }
    text.remove_prefix(count);
    return count;
}

constexpr std::int64_t kNotPlain = -1;

// "1234.50", as nearly all amounts are written: no sign, no exponent, no more than twelve digits
// before the point and four behind it. Its ten-thousandths; kNotPlain: it has to be looked at more
// closely.
std::int64_t plainDecimal(std::string_view text) {
    if (text.size() > 1 && text[0] == '0' && text[1] != '.') return kNotPlain;
    std::int64_t value = 0;
    if (takePlainDigits(text, 12, value) == 0) return kNotPlain;
    std::size_t decimals = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        decimals = takePlainDigits(text, kDecimals, value);
        if (decimals == 0) return kNotPlain;
    }
    if (!text.empty()) return kNotPlain;
    for (; decimals < kDecimals; ++decimals) value *= 10;
    return value;
}

}  // namespace

Result<Decimal> parseDecimal(std::string_view text) {
    if (const std::int64_t plain = plainDecimal(text); plain != kNotPlain) return Decimal{plain};
    NumberText number;
    if (!parseNumberText(text, number)) return fail(Code::kMalformed, "is not a number");

    const std::size_t zeros = number.digits.find_first_not_of('0');
    if (zeros == std::string::npos) return Decimal{0};
    number.digits.erase(0, zeros);
    while (number.digits.back() == '0') {
        number.digits.pop_back();
        ++number.exponent;
    }
    if (number.exponent < -kDecimals) return fail(Code::kInvalidArgument, "has over 4 decimals");
    if (static_cast<long>(number.digits.size()) + number.exponent > 13)
        return fail(Code::kInvalidArgument, "is over 10^12");

    Int128 value = 0;
    for (const char digit : number.digits) value = value * 10 + (digit - '0');
    for (long i = -kDecimals; i < number.exponent; ++i) value *= 10;
    if (value > kSizeMax) return fail(Code::kInvalidArgument, "is over 10^12");
    return Decimal{number.negative ? -value : value};
}

std::string toString(Decimal value) {
    const bool negative = value.ten_thousandths < 0;
    const Int128 size = negative ? -value.ten_thousandths : value.ten_thousandths;
    return fmt::format("{}{}.{:04}", negative ? "-" : "", size / kScale,
                       static_cast<int>(size % kScale));
}

Decimal divide(Decimal numerator, std::uint64_t denominator) {
    CHECK(denominator > 0, "a quotient has a denominator");
    const bool negative = numerator.ten_thousandths < 0;
    const Int128 size = negative ? -numerator.ten_thousandths : numerator.ten_thousandths;
    const Int128 rounded = (size * 2 + denominator) / (Int128{2} * denominator);
    return Decimal{negative ? -rounded : rounded};
}

}  // namespace footfall
