#include "report/number_text.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace footfall {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr double kLakh = 1e5;
constexpr double kCrore = 1e7;
constexpr double kMillion = 1e6;

double sizeOf(Decimal amount) {
    return static_cast<double>(amount.ten_thousandths) / 1e4;
}

}  // namespace

std::string groupThousands(std::int64_t value) {
    std::string text = std::to_string(value);
    const std::ptrdiff_t first = value < 0 ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > first; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::string countText(std::int64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", groupThousands(count), count == 1 ? one : many);
}

std::string currencySign(const std::string& currency, TextStyle style) {
    return currency == "INR" && style == TextStyle::kUnicode ? "₹" : currency;
}

std::string moneyText(Decimal amount, const std::string& currency, TextStyle style) {
    const std::string sign = currencySign(currency, style);
    const std::string before = sign == "₹" ? sign : sign + " ";
    const double size = sizeOf(amount);
    if (currency == "INR" && size >= kCrore)
        return fmt::format("{}{:.2f} crore", before, size / kCrore);
    if (currency == "INR" && size >= kLakh)
        return fmt::format("{}{:.2f} lakh", before, size / kLakh);
    if (size < 1000) return fmt::format("{}{:.2f}", before, size);
    return before + groupThousands(std::llround(size));
}

std::string shortAmount(Decimal amount, const std::string& currency) {
    const double size = sizeOf(amount);
    if (currency == "INR" && size >= kCrore) return fmt::format("{:.1f} Cr", size / kCrore);
    if (currency == "INR" && size >= kLakh) return fmt::format("{:.1f} L", size / kLakh);
    if (size >= kMillion) return fmt::format("{:.1f} M", size / kMillion);
    return size < 1000 ? fmt::format("{:.1f}", size) : groupThousands(std::llround(size));
}

std::string durationText(double seconds) {
    const std::int64_t s = std::llround(seconds);
    if (s < kMinute) return fmt::format("{} s", s);
    if (s < kHour) return fmt::format("{} m {:02} s", s / kMinute, s % kMinute);
    if (s < kDay) return fmt::format("{} h {:02} m", s / kHour, s % kHour / kMinute);
    return fmt::format("{} d {} h", s / kDay, s % kDay / kHour);
}

std::string windowText(std::optional<Micros> window) {
    if (!window) return "any time";
    struct Unit {
        std::int64_t seconds;
        const char* name;
    };
    static constexpr std::array<Unit, 4> kUnits = {
        {{kDay, "day"}, {kHour, "hour"}, {kMinute, "minute"}, {1, "second"}}};
    const std::int64_t s = std::chrono::duration_cast<std::chrono::seconds>(*window).count();
    for (const Unit& unit : kUnits)
        if (s > 0 && s % unit.seconds == 0)
            return fmt::format("{} {}{}", s / unit.seconds, unit.name,
                               s == unit.seconds ? "" : "s");
    return "0 seconds";
}

}  // namespace footfall
