#include <memory>

#include <fmt/format.h>

#include "main/api_source.h"
#include "main/commands.h"

namespace footfall {
namespace {

struct EventsFlags {
    ApiSourceOptions source;
    std::string format = "table";
    std::string journey;
};

Result<ExitCode> runEvents(const EventsFlags& flags) {
    auto source = ApiSource::open(flags.source);
    if (!source) return std::unexpected(std::move(source.error()));
    std::vector<std::pair<std::string, std::string>> query = {{"format", flags.format}};
    if (!flags.journey.empty()) query.emplace_back("journey", flags.journey);
    const auto text = source->get("/api/v1/events", query);
    if (!text) return std::unexpected(text.error());
    fmt::print("{}", *text);
    return ExitCode::kDone;
}

}  // namespace

void addEventsCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<EventsFlags>();
    CLI::App& command =
        line.add("events", "Each event type seen, and the stage that it counts as",
                 "footfall events --journey storefront", [flags] { return runEvents(*flags); });
    command.add_option("--format", flags->format, "How to print it")
        ->check(CLI::IsMember({"table", "csv", "json", "markdown"}))
        ->capture_default_str();
    command.add_option("--journey", flags->journey, "Name of the journey [storefront]");
    addApiSourceFlags(command, flags->source);
}

}  // namespace footfall
