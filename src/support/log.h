#pragma once

#include <spdlog/spdlog.h>

namespace footfall {

// One line an event on stderr: time, level, text. Everywhere else: spdlog::info("…", …).
// Never log a body, a key or a whole id: they are people's data. `level` as in spdlog: info, warn …
void configureLog(const std::string& level);

// Text from outside made safe for one log line: control characters and bidirectional overrides
// become \u escapes, cut at 256 bytes on a character's border.
std::string forLog(std::string_view text);

}  // namespace footfall
