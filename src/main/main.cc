#include <exception>

#include <fmt/format.h>

#include "main/commands.h"

int main(int argc, char** argv) {
    using namespace footfall;
    try {
        CommandLine line;
        addDemoCommand(line);
        addServeCommand(line);
        addDriveCommand(line);
        addReportCommand(line);
        addImportCommand(line);
        addEventsCommand(line);
        addSqlCommand(line);
        addDeadletterCommand(line);
        addVersionCommand(line);
        return static_cast<int>(line.run(argc, argv));
    } catch (const std::exception& error) {
        fmt::print(stderr, "footfall: {}\n", error.what());
        return static_cast<int>(ExitCode::kFailed);
    }
}
