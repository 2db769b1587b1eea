#include "support/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <absl/time/civil_time.h>
#include <fmt/format.h>

namespace footfall {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// Reads a text from its front; once something did not fit, everything after fails as well.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    bool takeAny(std::string_view characters) {
        if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // Exactly `count` digits of at most `max`.
    bool takeNumber(std::size_t count, int max, int& value) {
        if (rest_.size() < count) return false;
        value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (!isDigit(rest_[i])) return false;
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value <= max;
    }
    // One digit or more after the point; those beyond the sixth are cut off.
    bool takeMicros(std::int64_t& micros) {
        std::size_t count = 0;
        micros = 0;
        for (; count < rest_.size() && isDigit(rest_[count]); ++count)
            if (count < 6) micros = micros * 10 + (rest_[count] - '0');
        for (std::size_t i = count; i < 6; ++i) micros *= 10;
        rest_.remove_prefix(count);
        return count > 0;
    }
    char front() const { return rest_.empty() ? '\0' : rest_.front(); }

  private:
    std::string_view rest_;
};

struct CivilTime {
    std::chrono::year_month_day date;
    std::int64_t micros_of_day = 0;
};

bool takeDate(Scanner& text, CivilTime& time) {
    int year = 0;
    int month = 0;
    int day = 0;
    if (!text.takeNumber(4, 9999, year) || !text.takeAny("-") || !text.takeNumber(2, 12, month) ||
        !text.takeAny("-") || !text.takeNumber(2, 31, day))
        return false;
    time.date = {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                 std::chrono::day(static_cast<unsigned>(day))};
    return time.date.ok();
}

bool takeTimeOfDay(Scanner& text, CivilTime& time) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::int64_t fraction = 0;
    if (!text.takeNumber(2, 23, hour) || !text.takeAny(":") || !text.takeNumber(2, 59, minute) ||
        !text.takeAny(":") || !text.takeNumber(2, 60, second))
        return false;
    if (text.takeAny(".") && !text.takeMicros(fraction)) return false;
    if (second == 60) fraction = 0;  // a leap second is the first of the next minute
    time.micros_of_day =
        (hour * 60 + minute) * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
    return true;
}

// "+05:30" -> 19,800 s in micros. REQUIRES: a sign in front.
bool takeOffset(Scanner& text, std::int64_t& micros) {
    const bool negative = text.front() == '-';
    int hours = 0;
    int minutes = 0;
    if (!text.takeAny("+-") || !text.takeNumber(2, 23, hours) || !text.takeAny(":") ||
        !text.takeNumber(2, 59, minutes))
        return false;
    micros = (hours * 60 + minutes) * kMicrosPerMinute;
    if (negative) micros = -micros;
    return true;
}

UtcTime asUtc(const CivilTime& time) {
    return UtcTime(std::chrono::sys_days(time.date).time_since_epoch()) +
           Micros(time.micros_of_day);
}

// A wall time that the zone skips is the instant of the change, one that it has twice the earlier.
UtcTime inZone(const CivilTime& time, const TimeZone& zone) {
    const absl::CivilSecond second =
        absl::CivilSecond(static_cast<int>(time.date.year()),
                          static_cast<int>(static_cast<unsigned>(time.date.month())),
                          static_cast<int>(static_cast<unsigned>(time.date.day()))) +
        time.micros_of_day / kMicrosPerSecond;
    return utcFromMicros(absl::ToUnixMicros(absl::FromCivil(second, zone.zone())) +
                         time.micros_of_day % kMicrosPerSecond);
}

// The rest of a time that began with a date; false when it is none.
bool takeAfterDate(Scanner& text, CivilTime time, const TimeZone& zone, UtcTime& utc) {
    if (text.done()) {
        utc = inZone(time, zone);
        return true;
    }
    if (!text.takeAny("Tt ") || !takeTimeOfDay(text, time)) return false;
    if (text.done()) {
        utc = inZone(time, zone);
        return true;
    }
    std::int64_t offset = 0;
    if (!text.takeAny("Zz") && !takeOffset(text, offset)) return false;
    utc = asUtc(time) - Micros(offset);
    return text.done();
}

std::unexpected<Error> notATime() {
    return fail(Code::kMalformed,
                "is not a time; write it as 2026-03-01T09:30:00+05:30 or as an epoch number");
}

bool looksLikeNumber(std::string_view text) {
    return !text.empty() && (isDigit(text.front()) || text.front() == '-') &&
           text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

// The whole text as a number; nullopt when it is none.
template <class Number>
std::optional<Number> numberOf(std::string_view text) {
    const char* const end = text.data() + text.size();
    Number number{};
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
}

// The factor that turns an epoch number of this size into microseconds; 0: beyond every unit.
std::int64_t microsPerUnit(double size) {
    if (size < 1e11) return kMicrosPerSecond;
    if (size < 1e14) return 1'000;
    return size < 1e17 ? 1 : 0;
}

struct WindowUnit {
    char letter;
    std::int64_t seconds;
};
constexpr std::array<WindowUnit, 4> kWindowUnits = {
    {{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};

}  // namespace

Result<TimeZone> TimeZone::named(const std::string& name) {
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(name, &zone))
        return fail(Code::kInvalidArgument,
                    fmt::format("the machine knows no time zone \"{}\"; write it as Asia/Kolkata "
                                "or UTC",
                                name));
    return TimeZone(name, zone);
}

TimeZone TimeZone::local() {
    // Its name where /etc/localtime says it, which is what people know the zone by.
    std::error_code error;
    const std::string target = std::filesystem::canonical("/etc/localtime", error).string();
    constexpr std::string_view kFolder = "/zoneinfo/";
    const std::size_t at = target.find(kFolder);
    if (std::getenv("TZ") == nullptr && at != std::string::npos)
        if (auto zone = named(target.substr(at + kFolder.size()))) return *zone;
    const absl::TimeZone zone = absl::LocalTimeZone();
    return {zone.name() == "/etc/localtime" ? "local time" : zone.name(), zone};
}

TimeZone TimeZone::utc() {
    return {"UTC", absl::UTCTimeZone()};
}

Result<UtcTime> parseTime(std::string_view text, const TimeZone& zone) {
    // First, because most clients send an integer; it stays exact, other numbers go through a
    // double.
    if (const auto integer = numberOf<std::int64_t>(text)) return timeFromEpochNumber(*integer);
    Scanner scanner(text);
    CivilTime time;
    UtcTime utc;
    if (takeDate(scanner, time) && takeAfterDate(scanner, time, zone, utc)) return utc;
    if (looksLikeNumber(text))
        if (const auto number = numberOf<double>(text)) return timeFromEpochNumber(*number);
    return notATime();
}

Result<UtcTime> timeFromEpochNumber(double value) {
    const std::int64_t factor = microsPerUnit(std::abs(value));  // NaN gives 0
    if (factor == 0) return notATime();
    return utcFromMicros(std::llround(value * static_cast<double>(factor)));
}

Result<UtcTime> timeFromEpochNumber(std::int64_t value) {
    const std::int64_t factor = microsPerUnit(std::abs(static_cast<double>(value)));
    if (factor == 0) return notATime();
    return utcFromMicros(value * factor);
}

std::string formatUtc(UtcTime time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const std::int64_t micros = (time - second).count();
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(second));
    const std::chrono::hh_mm_ss clock(second - std::chrono::floor<std::chrono::days>(second));
    std::string text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (micros > 0) {
        text += fmt::format(".{:06}", micros);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + "Z";
}

std::string formatDate(UtcTime time, const TimeZone& zone) {
    const absl::CivilDay day(
        absl::ToCivilDay(absl::FromUnixMicros(microsSinceEpoch(time)), zone.zone()));
    return fmt::format("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
}

Result<std::optional<Micros>> parseWindow(std::string_view text) {
    if (text == "unlimited") return std::nullopt;
    std::int64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, count);
    const auto* const unit =
        std::find_if(kWindowUnits.begin(), kWindowUnits.end(),
                     [&](WindowUnit one) { return stop + 1 == end && *stop == one.letter; });
    // A window of over 100 years is a mistake, and would overflow further on.
    if (error != std::errc() || unit == kWindowUnits.end() || count <= 0 ||
        count > 100 * 366 * 86'400LL / unit->seconds)
        return fail(
            Code::kMalformed,
            fmt::format("\"{}\" is no duration; write 60s, 15m, 12h, 7d or unlimited", text));
    return Micros(count * unit->seconds * kMicrosPerSecond);
}

std::string formatWindow(std::optional<Micros> window) {
    if (!window) return "unlimited";
    const std::int64_t seconds = window->count() / kMicrosPerSecond;
    const auto* const unit =
        std::find_if(kWindowUnits.begin(), kWindowUnits.end(),
                     [&](WindowUnit one) { return seconds % one.seconds == 0; });
    return fmt::format("{}{}", seconds / unit->seconds, unit->letter);
}

}  // namespace footfall
