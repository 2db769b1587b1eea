#pragma once

#include <CLI/CLI.hpp>

#include "support/result.h"

namespace footfall {

// Gives the flags of `root` and `command` that were not on the command line their value from the
// environment, else from the configuration file that --config names (./footfall.toml, if there is
// one). CLI11's own reading of both lets the file win over the environment, hence this.
// Errors: kInvalidArgument naming the variable, or file, line and key. A key that no flag has is
// one, also in the section of another command.
[[nodiscard]] Result<void> fillFromEnvironmentAndFile(CLI::App& root, CLI::App& command);

}  // namespace footfall
