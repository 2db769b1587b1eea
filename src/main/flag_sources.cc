#include "main/flag_sources.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "main/nearest.h"
#include "support/config.h"
#include "support/file.h"

namespace footfall {
namespace {

constexpr const char* kDefaultConfigPath = "footfall.toml";

bool isSettable(const CLI::Option& option) {
    return !option.get_lnames().empty() && option.get_lnames().front() != "help";
}

std::string environmentName(const CLI::Option& option) {
    std::string name = "FOOTFALL_" + option.get_lnames().front();
    std::ranges::transform(name, name.begin(), [](char c) {
        return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return name;
}

Result<void> give(CLI::Option& option, const std::vector<std::string>& values,
                  const std::string& source) {
    try {
        for (const std::string& value : values) option.add_result(value);
        option.run_callback();
        return {};
    } catch (const CLI::Error& error) {
        return fail(Code::kInvalidArgument, fmt::format("{}: {}", source, error.what()));
    }
}

Result<void> fillFromEnvironment(CLI::App& app) {
    for (CLI::Option* option : app.get_options()) {
        if (!isSettable(*option) || option->count() > 0) continue;
        const std::string name = environmentName(*option);
        const char* value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') continue;
        if (auto given = give(*option, {value}, name); !given) return given;
    }
    return {};
}

// The command a section is about; the root for keys above the first section.
Result<CLI::App*> sectionOf(CLI::App& root, const ConfigEntry& entry, const std::string& path) {
    if (entry.section.empty()) return &root;
    std::vector<std::string> names;
    for (CLI::App* command : root.get_subcommands(nullptr)) {
        if (command->get_name() == entry.section) return command;
        names.push_back(command->get_name());
    }
    return fail(Code::kInvalidArgument,
                fmt::format("{}:{}: unknown section [{}]{}", path, entry.line, entry.section,
                            didYouMean(nearest(entry.section, names))));
}

Result<CLI::Option*> optionOf(CLI::App& app, const ConfigEntry& entry, const std::string& path) {
    std::vector<std::string> names;
    for (CLI::Option* option : app.get_options()) {
        if (!isSettable(*option) || option->get_lnames().front() == "config") continue;
        if (option->get_lnames().front() == entry.key) return option;
        names.push_back(option->get_lnames().front());
    }
    const std::string place =
        entry.section.empty() ? "above the sections" : fmt::format("in [{}]", entry.section);
    return fail(Code::kInvalidArgument,
                fmt::format("{}:{}: unknown key {} {}{}", path, entry.line, entry.key, place,
                            didYouMean(nearest(entry.key, names))));
}

// Every entry is checked, so that a typing error in [report] is found by `serve` already; those of
// other commands are not applied.
Result<void> fillFromEntry(CLI::App& root, const CLI::App& command, const ConfigEntry& entry,
                           const std::string& path) {
    const auto section = sectionOf(root, entry, path);
    if (!section) return std::unexpected(section.error());
    const auto option = optionOf(**section, entry, path);
    if (!option) return std::unexpected(option.error());
    const bool concerned = *section == &root || *section == &command;
    if (!concerned || (*option)->count() > 0) return {};
    return give(**option, entry.values, fmt::format("{}:{}", path, entry.line));
}

Result<std::string> readConfigFile(const std::string& path) {
    auto text = PosixFileSystem().readAll(path);
    if (!text) return fail(Code::kInvalidArgument, std::move(text.error().what));
    return text;
}

}  // namespace

Result<void> fillFromEnvironmentAndFile(CLI::App& root, CLI::App& command) {
    for (CLI::App* app : {&root, &command})
        if (auto filled = fillFromEnvironment(*app); !filled) return filled;

    std::string path = root.get_option("--config")->as<std::string>();
    if (path.empty()) {
        if (!std::filesystem::exists(kDefaultConfigPath)) return {};
        path = kDefaultConfigPath;
    }
    const auto text = readConfigFile(path);
    if (!text) return std::unexpected(text.error());
    const auto entries = parseConfig(*text, path);
    if (!entries) return fail(Code::kInvalidArgument, entries.error().what);
    for (const ConfigEntry& entry : *entries)
        if (auto filled = fillFromEntry(root, command, entry, path); !filled) return filled;
    return {};
}

}  // namespace footfall
