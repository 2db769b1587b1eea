#pragma once

#include <string>

#include "support/time_text.h"

namespace footfall {

// "" is the machine's zone. Errors: kInvalidArgument.
[[nodiscard]] inline Result<TimeZone> timeZoneFromFlag(const std::string& name) {
    return name.empty() ? Result<TimeZone>(TimeZone::local()) : TimeZone::named(name);
}

}  // namespace footfall
