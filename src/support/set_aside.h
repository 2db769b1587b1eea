#pragma once

#include <string>

#include "support/file.h"
#include "support/result.h"

namespace footfall {

// Renames a damaged file to `path`.N.quarantine, N the first number that is free, durably, and
// returns that name: what is broken is kept for whoever wants to look, out of everybody's way.
// Threads: any.   Errors: kIo.
[[nodiscard]] Result<std::string> setAside(FileSystem& files, const std::string& path);

}  // namespace footfall
