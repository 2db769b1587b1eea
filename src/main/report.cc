#include <memory>

#include <fmt/format.h>

#include "main/api_source.h"
#include "main/commands.h"
#include "main/terminal.h"

namespace footfall {
namespace {

struct ReportFlags {
    ApiSourceOptions source;
    std::string name;
    std::string format = "table";
    bool new_users = false;
    bool all = false;
    // Parameters that go to the API as they are; "": not given.
    std::string journey, from, to, city, device, channel, window, margin, sort, by;
    std::string compare, compare_from, compare_to, compare_city, compare_device, compare_channel;
};

std::vector<std::pair<std::string, std::string>> queryOf(const ReportFlags& flags) {
    std::vector<std::pair<std::string, std::string>> query = {{"format", flags.format}};
    const std::pair<const char*, const std::string*> texts[] = {
        {"journey", &flags.journey},
        {"from", &flags.from},
        {"to", &flags.to},
        {"city", &flags.city},
        {"device", &flags.device},
        {"channel", &flags.channel},
        {"window", &flags.window},
        {"margin", &flags.margin},
        {"sort", &flags.sort},
        {"by", &flags.by},
        {"compare", &flags.compare},
        {"compare_from", &flags.compare_from},
        {"compare_to", &flags.compare_to},
        {"compare_city", &flags.compare_city},
        {"compare_device", &flags.compare_device},
        {"compare_channel", &flags.compare_channel},
    };
    for (const auto& [name, value] : texts)
        if (!value->empty()) query.emplace_back(name, *value);
    if (flags.new_users) query.emplace_back("new_users", "true");
    if (flags.format != "table") return query;
    query.emplace_back("columns", std::to_string(terminalColumns()));
    if (wantsPlainText()) query.emplace_back("ascii", "true");
    if (flags.all) query.emplace_back("all", "true");
    return query;
}

Result<ExitCode> runReport(const ReportFlags& flags) {
    if (flags.name.empty())
        return fail(Code::kInvalidArgument, "which report? footfall report stages, or cities");
    auto source = ApiSource::open(flags.source);
    if (!source) return std::unexpected(std::move(source.error()));
    if (!flags.by.empty() && flags.name != "stages")
        return fail(Code::kInvalidArgument, "--by is for footfall report stages");
    const std::string name = flags.by.empty() ? flags.name : "trend";
    const auto text = source->get("/api/v1/reports/" + name, queryOf(flags));
    if (!text) return std::unexpected(text.error());
    fmt::print("{}", *text);
    return ExitCode::kDone;
}

}  // namespace

void addReportCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<ReportFlags>();
    CLI::App& command = line.add("report", "At which stage the users are, or which cities do well",
                                 "footfall report stages --from 2026-03-01 --to 2026-03-29\n"
                                 "  footfall report stages --from 2026-03-01 --to 2026-03-29 "
                                 "--compare previous\n"
                                 "  footfall report stages --by week\n"
                                 "  footfall report cities --sort revenue --format csv",
                                 [flags] { return runReport(*flags); });
    command.add_option("NAME", flags->name, "stages or cities")
        ->check(CLI::IsMember({"stages", "cities"}));
    command.add_option("--format", flags->format, "How to print it")
        ->check(CLI::IsMember({"table", "csv", "json", "markdown"}))
        ->capture_default_str();
    addApiSourceFlags(command, flags->source);
    command.add_option("--journey", flags->journey, "Name of the journey [storefront]");
    command.add_option("--from", flags->from, "Events from this time or date on");
    command.add_option("--to", flags->to, "Events before this time or date");
    command.add_flag("--new-users", flags->new_users,
                     "Only users whose first event lies in the period");
    command.add_option("--city", flags->city, "Only users of this city");
    command.add_option("--device", flags->device, "Only users of this device");
    command.add_option("--channel", flags->channel, "Only users who came by this channel");
    command.add_option("--window", flags->window,
                       "Time from first to last step: 60s 15m 12h 7d unlimited [7d]");
    command.add_option("--margin", flags->margin,
                       "Difference in conversion that matters, as a share [0.2]");
    command.add_option("--sort", flags->sort,
                       "Order of cities: users, revenue, revenue_per_user, conversion [users]");
    command
        .add_option("--by", flags->by,
                    "How conversion went, a row a day or week, by the users' first step: day, week")
        ->check(CLI::IsMember({"day", "week"}));
    command.add_option("--compare", flags->compare,
                       "With the period before (previous), or with all other users (others)");
    command.add_option("--compare-from", flags->compare_from, "With the period from here on");
    command.add_option("--compare-to", flags->compare_to, "With the period before this");
    command.add_option("--compare-city", flags->compare_city, "With the users of this city");
    command.add_option("--compare-device", flags->compare_device, "With the users of this device");
    command.add_option("--compare-channel", flags->compare_channel,
                       "With the users who came by this channel");
    command.add_flag("--all", flags->all, "Every city a row");
}

}  // namespace footfall
