#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace footfall {

struct Stage {
    std::string name;
    bool optional = false;
    std::vector<std::string> event_types;  // matched byte for byte

    bool operator==(const Stage&) const = default;
};

// Journey: a named, ordered list of stages. Configuration: applied when a report is computed.
// Holds: at least one stage, the last is required, names differ, an event type is in one stage
// only.
struct Journey {
    std::string name;
    std::vector<Stage> stages;

    bool operator==(const Journey&) const = default;
};

// One journey from TOML text; docs/event.md shows the form. `source` names the file in errors.
// Errors: kMalformed | kInvalidArgument with the line, the key and the fix.
[[nodiscard]] Result<Journey> parseJourney(std::string_view toml, std::string_view source);

// data/journeys/storefront.toml, built in.
const Journey& defaultJourney();

}  // namespace footfall
