#pragma once

#include <functional>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "support/result.h"

namespace footfall {

enum class ExitCode : int {
    kDone = 0,
    kFailed = 1,
    kWrongUsage = 2,
};

// CommandLine: the commands of the binary, their flags, and where the flags' values come from: the
// command line, else the environment (--data-dir: FOOTFALL_DATA_DIR), else the configuration file
// (section of the command's name, key data-dir), else the default in the code.
// Threads: one.
// Errors: every one is a single line on stderr; kInvalidArgument exits 2, all others 1.
class CommandLine {
  public:
    using Run = std::function<Result<ExitCode>()>;

    CommandLine();
    // Adds a command; its flags are added to what is returned. `example` is shown by --help.
    CLI::App& add(const std::string& name, const std::string& description,
                  const std::string& example, Run run);
    // Parses, fills in what the flags left open, and runs the chosen command.
    ExitCode run(int argc, const char* const* argv);

  private:
    Result<ExitCode> parseAndRun(int argc, const char* const* argv);
    Result<CLI::App*> chosenCommand();

    CLI::App app_{"Footfall: at which stage are the users of a shop, and which cities do well?"};
    std::string config_path_;
    std::string log_level_ = "info";
    std::string examples_;
    std::map<const CLI::App*, Run> commands_;
};

}  // namespace footfall
