#include <memory>

#include <fmt/format.h>

#include "main/audit_client.h"
#include "main/commands.h"
#include "main/dead_letter_file.h"
#include "main/dead_letter_list.h"
#include "main/dead_letter_replay.h"
#include "main/event_target.h"
#include "main/time_zone_flag.h"

namespace footfall {
namespace {

constexpr std::chrono::minutes kStoreTimeout{10};

struct DeadletterFlags {
    EventTargetOptions target;
    std::string action;
    std::string format = "table";
    bool all = false;
};

Result<ExitCode> runList(const DeadletterFlags& flags) {
    if (!flags.target.url.empty())
        return fail(Code::kInvalidArgument,
                    "--url goes with replay; list reads the data folder, see --data-dir");
    auto zone = timeZoneFromFlag(flags.target.timezone);
    if (!zone) return std::unexpected(std::move(zone.error()));
    PosixFileSystem files;
    auto file = DeadLetterFile::open(files, flags.target.data_dir);
    if (!file) return std::unexpected(std::move(file.error()));
    if (!*file) {
        if (flags.format == "table") fmt::print("No dead letters.\n");
        return ExitCode::kDone;
    }
    const auto printed = printDeadLetters(
        **file, {.format = flags.format, .all = flags.all, .zone = std::move(*zone)});
    if (!printed) return std::unexpected(printed.error());
    return ExitCode::kDone;
}

Result<bool> anyWaits(DeadLetterFile& file) {
    bool found = false;
    const auto passed = file.forEach([&](const DeadLetter& letter) -> Result<void> {
        found = found || !file.replayed().timeOf(letter);
        return {};
    });
    return passed ? Result<bool>(found) : std::unexpected(passed.error());
}

ExitCode finish(const ReplayCounts& counts, const AuditAnswer& before, const AuditAnswer& after) {
    fmt::print(
        "{} dead letters sent again, {} rejected. {} new events stored, {} were known "
        "already.\n",
        counts.sent, counts.rejected, after.stored - before.stored,
        after.duplicates - before.duplicates);
    const std::uint64_t refused = after.dead_lettered - before.dead_lettered;
    if (refused > 0)
        fmt::print("The database refused {} again; see footfall deadletter list.\n", refused);
    return counts.rejected == 0 && refused == 0 ? ExitCode::kDone : ExitCode::kFailed;
}

Result<ExitCode> sendTo(const std::string& url, DeadLetterFile& file) {
    auto server = ApiSource::connect(url);
    if (!server) return std::unexpected(std::move(server.error()));
    const SystemClock clock;
    auto sender = WebhookSender::create(server->url(), clock);
    if (!sender) return std::unexpected(std::move(sender.error()));
    const auto before = fetchAudit(*server);
    if (!before) return std::unexpected(before.error());
    const auto counts = replayDeadLetters(file, *sender, clock);
    if (!counts) return std::unexpected(counts.error());
    const auto after = waitUntilStored(*server, kStoreTimeout);
    if (!after) return std::unexpected(after.error());
    return finish(*counts, *before, *after);
}

Result<ExitCode> runReplay(const DeadletterFlags& flags) {
    PosixFileSystem files;
    auto file = DeadLetterFile::open(files, flags.target.data_dir);
    if (!file) return std::unexpected(std::move(file.error()));
    const Result<bool> any = *file ? anyWaits(**file) : false;
    if (!any) return std::unexpected(any.error());
    if (!*any) {
        fmt::print("No dead letters wait.\n");
        return ExitCode::kDone;
    }
    // Only now: a server that runs for a replay of nothing would be a surprise.
    const auto target = openEventTarget(flags.target);
    if (!target) return std::unexpected(target.error());
    return sendTo(target->url, **file);
}

Result<ExitCode> runDeadletter(const DeadletterFlags& flags) {
    if (flags.action == "list") return runList(flags);
    if (flags.action == "replay") return runReplay(flags);
    return fail(Code::kInvalidArgument, "do what? footfall deadletter list, or replay");
}

}  // namespace

void addDeadletterCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<DeadletterFlags>();
    CLI::App& command = line.add(
        "deadletter", "Events that the database refused: list them, or send them again",
        "footfall deadletter list\n"
        "  footfall deadletter replay\n\n"
        "To mend events: footfall deadletter list --format json > mend.jsonl, edit it but for\n"
        "event_id, then footfall import mend.jsonl. Replay sends what waits as it is, under the\n"
        "ids it has, so nothing is stored twice, and what was mended leaves the list.",
        [flags] { return runDeadletter(*flags); });
    command.add_option("ACTION", flags->action, "list or replay")
        ->check(CLI::IsMember({"list", "replay"}));
    command
        .add_option("--format", flags->format,
                    "How list prints them; json: the events alone, a line each, for import")
        ->check(CLI::IsMember({"table", "csv", "json"}))
        ->capture_default_str();
    command.add_flag("--all", flags->all, "List those that were replayed as well, and when");
    addEventTargetFlags(command, flags->target);
    command.get_option("--timezone")->description("Zone of the times in the list [the machine's]");
}

}  // namespace footfall
