#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace footfall {

// One key of a configuration file: `[section] key = value`, `section` empty for keys above the
// first section.
struct ConfigEntry {
    std::string section;
    std::string key;                  // with dashes, as the flag is written: data_dir -> data-dir
    std::vector<std::string> values;  // one, or those of an array
    int line = 0;
};

// The entries of a TOML text in the order of its lines, as texts; what they mean is the business of
// who reads them. `source` names the file in errors.
// Errors: kMalformed "footfall.toml:3: …" for broken TOML, and for tables within sections.
[[nodiscard]] Result<std::vector<ConfigEntry>> parseConfig(std::string_view toml,
                                                           std::string_view source);

}  // namespace footfall
