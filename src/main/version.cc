#include <duckdb.h>
#include <fmt/format.h>

#include "main/commands.h"

namespace footfall {

void addVersionCommand(CommandLine& line) {
    line.add("version", "Print the version", "footfall version", []() -> Result<ExitCode> {
        fmt::print("footfall {} (DuckDB {})\n", FOOTFALL_VERSION, ::duckdb_library_version());
        return ExitCode::kDone;
    });
}

}  // namespace footfall
