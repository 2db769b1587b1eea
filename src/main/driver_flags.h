#pragma once

#include "event_producer/driver.h"
#include "main/command_line.h"

namespace footfall {

// Those that `drive` and `demo` share.
void addDriverFlags(CLI::App& command, DriverOptions& options);

}  // namespace footfall
