#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <absl/time/time.h>

#include "support/clock.h"
#include "support/result.h"

namespace footfall {

// A time zone by its IANA name, with the machine's rules for it.
class TimeZone {
  public:
    // Errors: kInvalidArgument when the machine knows no zone of that name.
    [[nodiscard]] static Result<TimeZone> named(const std::string& name);
    static TimeZone local();  // the machine's
    static TimeZone utc();

    const std::string& name() const { return name_; }
    const absl::TimeZone& zone() const { return zone_; }

  private:
    TimeZone(std::string name, absl::TimeZone zone) : name_(std::move(name)), zone_(zone) {}
    std::string name_;
    absl::TimeZone zone_;
};

// RFC 3339, also with a space for the T and without an offset (then in `zone`), cut to
// microseconds; or a date alone (00:00 in `zone`); or an epoch number by its size: below 10^11
// seconds, below 10^14 milliseconds, below 10^17 microseconds. A leap second counts as the first of
// the next minute. Errors: kMalformed.
[[nodiscard]] Result<UtcTime> parseTime(std::string_view text, const TimeZone& zone);
[[nodiscard]] Result<UtcTime> timeFromEpochNumber(double value);
[[nodiscard]] Result<UtcTime> timeFromEpochNumber(std::int64_t value);

// "2026-03-01T09:30:00.000123Z"; fractions of a second only when there are some.
std::string formatUtc(UtcTime time);
// The date in that zone: "2026-03-01".
std::string formatDate(UtcTime time, const TimeZone& zone);

// "60s", "15m", "12h", "7d" -> microseconds; "unlimited" -> nullopt. Errors: kMalformed.
[[nodiscard]] Result<std::optional<Micros>> parseWindow(std::string_view text);
// The shortest of these forms: "7d", "90s", "unlimited".
std::string formatWindow(std::optional<Micros> window);

}  // namespace footfall
