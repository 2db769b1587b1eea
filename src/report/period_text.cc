#include "report/period_text.h"

#include <array>

#include <absl/time/time.h>
#include <fmt/format.h>

namespace footfall {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

absl::CivilSecond civil(UtcTime time, const TimeZone& zone) {
    return absl::ToCivilSecond(absl::FromUnixMicros(microsSinceEpoch(time)), zone.zone());
}

bool isMidnight(std::optional<UtcTime> time, const TimeZone& zone) {
    if (!time) return true;
    const absl::CivilSecond second = civil(*time, zone);
    return second == absl::CivilSecond(absl::CivilDay(second)) &&
           microsSinceEpoch(*time) % 1'000'000 == 0;
}

std::string dayText(absl::CivilDay day) {
    return fmt::format("{} {} {}", day.day(), kMonths[static_cast<std::size_t>(day.month() - 1)],
                       day.year());
}

std::string instantText(UtcTime time, const TimeZone& zone) {
    const absl::CivilSecond second = civil(time, zone);
    return fmt::format("{} {:02}:{:02}:{:02}", dayText(absl::CivilDay(second)), second.hour(),
                       second.minute(), second.second());
}

// "1–28 Mar 2026": what both days share stands once.
std::string daysText(absl::CivilDay first, absl::CivilDay last, std::string_view dash) {
    if (first == last) return dayText(first);
    if (absl::CivilMonth(first) == absl::CivilMonth(last))
        return fmt::format("{}{}{}", first.day(), dash, dayText(last));
    if (first.year() == last.year())
        return fmt::format("{} {} {} {}", first.day(),
                           kMonths[static_cast<std::size_t>(first.month() - 1)], dash,
                           dayText(last));
    return fmt::format("{} {} {}", dayText(first), dash, dayText(last));
}

std::string periodText(const ReportParameters& asked, const TimeZone& zone, std::string_view dash) {
    if (!asked.from && !asked.to) return "all time";
    if (!isMidnight(asked.from, zone) || !isMidnight(asked.to, zone)) {
        const std::string from = asked.from ? "from " + instantText(*asked.from, zone) : "";
        const std::string to = asked.to ? "before " + instantText(*asked.to, zone) : "";
        return from + (asked.from && asked.to ? " and " : "") + to;
    }
    if (!asked.to) return "since " + dayText(absl::CivilDay(civil(*asked.from, zone)));
    const absl::CivilDay last = absl::CivilDay(civil(*asked.to, zone)) - 1;
    if (!asked.from) return "until " + dayText(last);
    return daysText(absl::CivilDay(civil(*asked.from, zone)), last, dash);
}

}  // namespace

std::string titleText(const ReportParameters& parameters, const TimeZone& zone, TextStyle style) {
    const bool ascii = style == TextStyle::kAscii;
    const std::string_view dot = ascii ? " | " : " · ";
    std::string title = fmt::format("Journey \"{}\"{}{}, {}{}{}", parameters.journey, dot,
                                    periodText(parameters, zone, ascii ? "-" : "–"), zone.name(),
                                    dot, parameters.new_users ? "new users" : "all users");
    const auto add = [&](std::string_view name, const std::optional<std::string>& value) {
        if (value) title += fmt::format("{}{} {}", dot, name, *value);
    };
    add("city", parameters.city);
    add("device", parameters.device);
    add("channel", parameters.channel);
    return title;
}

std::string comparandText(const ReportParameters& parameters, const Comparand& comparand,
                          const TimeZone& zone, TextStyle style) {
    const ReportParameters& other = comparand.parameters;
    std::string text;
    const auto add = [&](const std::string& words) { text += (text.empty() ? "" : ", ") + words; };
    for (const auto attribute :
         {&ReportParameters::city, &ReportParameters::device, &ReportParameters::channel}) {
        if (parameters.*attribute == other.*attribute) continue;
        add(comparand.with == ComparedWith::kOthers ? "all but " + *(parameters.*attribute)
                                                    : *(other.*attribute));
    }
    const bool same_period = parameters.from == other.from && parameters.to == other.to;
    if (!same_period || text.empty())
        add(periodText(other, zone, style == TextStyle::kAscii ? "-" : "–"));
    return text;
}

}  // namespace footfall
