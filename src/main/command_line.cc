#include "main/command_line.h"

#include <cstdio>

#include <fmt/format.h>

#include "main/flag_sources.h"
#include "main/nearest.h"
#include "support/log.h"

namespace footfall {
namespace {

constexpr const char* kSources =
    "Every flag is also an environment variable (--data-dir: FOOTFALL_DATA_DIR) and a key in\n"
    "footfall.toml ([serve] data-dir = \"…\"). A flag wins over the environment, the environment\n"
    "over the file. --config FILE and --log-level LEVEL go with every command.";

// "unknown flag --form; did you mean --from? See footfall report --help"
std::string unknownWord(const std::string& word, const CLI::App& app) {
    std::vector<std::string> known;
    const bool is_flag = word.starts_with("-");
    if (is_flag) {
        for (const CLI::Option* option : app.get_options())
            if (!option->get_positional()) known.push_back(option->get_name());
    } else {
        for (const CLI::App* command : app.get_subcommands(nullptr))
            known.push_back(command->get_name());
    }
    const char* kind = is_flag ? "flag" : app.get_parent() == nullptr ? "command" : "argument";
    const std::string name =
        app.get_parent() == nullptr ? "footfall" : fmt::format("footfall {}", app.get_name());
    const std::string meant = nearest(word.substr(0, word.find('=')), known);
    return fmt::format("unknown {} {}{} See {} --help", kind, word,
                       meant.empty() ? "." : didYouMean(meant), name);
}

}  // namespace

CommandLine::CommandLine() {
    app_.name("footfall");
    app_.fallthrough();
    app_.allow_extras();  // reported by chosenCommand(), with the flag that was probably meant
    app_.add_option("--config", config_path_,
                    "Configuration file [./footfall.toml if there is one]")
        ->type_name("FILE");
    app_.add_option("--log-level", log_level_, "What to log on stderr: debug, info, warn or error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
}

CLI::App& CommandLine::add(const std::string& name, const std::string& description,
                           const std::string& example, Run run) {
    CLI::App* command = app_.add_subcommand(name, description);
    command->footer(fmt::format("Example:\n  {}\n\n{}", example, kSources));
    examples_ += fmt::format("  {}\n", example.substr(0, example.find('\n')));
    app_.footer(fmt::format("Examples:\n{}\n{}", examples_, kSources));
    commands_.emplace(command, std::move(run));
    return *command;
}

Result<CLI::App*> CommandLine::chosenCommand() {
    const auto chosen = app_.get_subcommands();
    const CLI::App& closest = chosen.empty() ? app_ : *chosen.front();
    if (const auto extras = app_.remaining(true); !extras.empty())
        return fail(Code::kInvalidArgument, unknownWord(extras.front(), closest));
    if (chosen.empty()) return fail(Code::kInvalidArgument, "which command? See footfall --help");
    if (chosen.size() > 1)
        return fail(Code::kInvalidArgument,
                    fmt::format("{} and {} are two commands; run them one after the other",
                                chosen[0]->get_name(), chosen[1]->get_name()));
    return chosen.front();
}

Result<ExitCode> CommandLine::parseAndRun(int argc, const char* const* argv) {
    try {
        app_.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        app_.exit(help);
        return ExitCode::kDone;
    } catch (const CLI::ParseError& error) {
        return fail(Code::kInvalidArgument, error.what());
    }
    auto command = chosenCommand();
    if (!command) return std::unexpected(std::move(command.error()));
    if (auto filled = fillFromEnvironmentAndFile(app_, **command); !filled)
        return std::unexpected(std::move(filled.error()));
    configureLog(log_level_);
    return commands_.at(*command)();
}

ExitCode CommandLine::run(int argc, const char* const* argv) {
    const auto code = parseAndRun(argc, argv);
    if (code) return *code;
    fmt::print(stderr, "footfall: {}\n", code.error().what);
    return code.error().code == Code::kInvalidArgument ? ExitCode::kWrongUsage : ExitCode::kFailed;
}

}  // namespace footfall
