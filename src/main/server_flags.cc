#include "main/server_flags.h"

#include <algorithm>

#include <fmt/format.h>

#include "main/time_zone_flag.h"

namespace footfall {
namespace {

bool hasJourney(const std::vector<Journey>& journeys, const std::string& name) {
    return std::ranges::find(journeys, name, &Journey::name) != journeys.end();
}

// The default journey, and those of the files; one of the same name takes the default's place.
Result<std::vector<Journey>> readJourneys(const std::vector<std::string>& paths) {
    std::vector<Journey> journeys;
    for (const std::string& path : paths) {
        const auto text = PosixFileSystem().readAll(path);
        if (!text) return fail(Code::kInvalidArgument, text.error().what);
        auto journey = parseJourney(*text, path);
        if (!journey) return fail(Code::kInvalidArgument, journey.error().what);
        if (hasJourney(journeys, journey->name))
            return fail(
                Code::kInvalidArgument,
                fmt::format("{}: a journey named {} was already read", path, journey->name));
        journeys.push_back(std::move(*journey));
    }
    if (!hasJourney(journeys, defaultJourney().name))
        journeys.insert(journeys.begin(), defaultJourney());
    return journeys;
}

}  // namespace

void addServerFlags(CLI::App& command, ServerFlags& flags) {
    command
        .add_option("--host", flags.host, "Address to listen on; localhost is 127.0.0.1 and ::1")
        ->capture_default_str();
    command.add_option("--port", flags.port, "Port to listen on; 0 is any free one")
        ->check(CLI::Range(0, 65'535))
        ->capture_default_str();
    command.add_option("--data-dir", flags.data_dir, "Folder of the data, made if missing")
        ->type_name("DIR")
        ->capture_default_str();
    command.add_option("--database", flags.database, "Where events are stored")
        ->check(CLI::IsMember({"duckdb"}))
        ->capture_default_str();
    command
        .add_option("--journey", flags.journeys,
                    "File with a journey, for its reports; may be given several times")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command
        .add_option("--timezone", flags.timezone,
                    "Zone of dates and of times without offset [the machine's]")
        ->type_name("ZONE");
    command.add_option("--currency", flags.currency, "Of amounts that come without one")
        ->type_name("CODE")
        ->capture_default_str();
    command
        .add_option("--durability", flags.durability,
                    "What a 202 promises: fsync, on the disk; os, safe from a crash of the server "
                    "but not of the machine")
        ->check(CLI::IsMember({"fsync", "os"}))
        ->capture_default_str();
    command
        .add_option("--journal-mb-max", flags.journal_mb_max,
                    "How much may wait for the database, in MB; beyond it clients get 429")
        ->check(CLI::Range(256, 1 << 30))
        ->capture_default_str();
    command
        .add_option("--journal-keep-mb", flags.journal_keep_mb,
                    "How much of the journal to keep, in MB, although the database has it: a lost "
                    "database is rebuilt from it. Makes room when events need it")
        ->check(CLI::Range(0, 1 << 30))
        ->capture_default_str();
    command
        .add_option("--journal-keep-days", flags.journal_keep_days,
                    "Keep at least the events of so many days, within --journal-mb-max")
        ->check(CLI::Range(0, 36'500))
        ->capture_default_str();
    command
        .add_option("--journal-segment-mb", flags.journal_segment_mb,
                    "Size of the journal's files, in MB; small ones for small disks")
        ->check(CLI::Range(1, 128))
        ->capture_default_str();
    command
        .add_option("--database-memory-mb", flags.database_memory_mb,
                    "What the database may hold in memory, in MB: a report needs some 0.5 KB a "
                    "user [an eighth of the machine's, from 192 to 4096]")
        ->check(CLI::Range(96, 1 << 20));
    command
        .add_option("--hot-ids", flags.hot_ids,
                    "How many event ids make a file of known ids; until then they are in memory")
        ->check(CLI::Range(1'000, 100'000'000))
        ->capture_default_str();
    command.add_flag("--accept-loss", flags.accept_loss,
                     "Start although events are in neither the journal nor the database");
}

Result<ServerOptions> serverOptionsOf(const ServerFlags& flags) {
    auto zone = timeZoneFromFlag(flags.timezone);
    if (!zone) return std::unexpected(std::move(zone.error()));
    auto journeys = readJourneys(flags.journeys);
    if (!journeys) return std::unexpected(std::move(journeys.error()));
    ServerOptions options{
        .data_dir = flags.data_dir,
        .http = {},
        .zone = std::move(*zone),
        .currency = flags.currency,
        .journeys = std::move(*journeys),
        .durability = flags.durability == "os" ? Durability::kOs : Durability::kFsync,
        .journal_bytes_max = flags.journal_mb_max << 20,
        .journal_keep_bytes = flags.journal_keep_mb << 20,
        .journal_keep_age = std::chrono::days(flags.journal_keep_days),
        .journal_segment_bytes = flags.journal_segment_mb << 20,
        .database_memory_bytes =
            flags.database_memory_mb == 0 ? databaseMemoryBytes() : flags.database_memory_mb << 20,
        .accept_loss = flags.accept_loss,
        .on_failure = {},
        .queue = {},
        .consumer = {},
        .deduplicator = {.generation_ids = flags.hot_ids}};
    options.http.host = flags.host;
    options.http.port = flags.port;
    return options;
}

}  // namespace footfall
