#include <cerrno>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "event_producer/driver.h"
#include "event_producer/truth_comparison.h"
#include "main/api_source.h"
#include "main/audit_client.h"
#include "main/commands.h"
#include "main/demo_findings.h"
#include "main/driver_flags.h"
#include "main/server.h"
#include "main/stop_signals.h"
#include "main/temporary_folder.h"
#include "main/terminal.h"

namespace footfall {
namespace {

constexpr std::chrono::seconds kCallTimeout{15};
constexpr std::chrono::minutes kStoreTimeout{2};
constexpr std::uint16_t kPortsTried = 100;

struct DemoFlags {
    std::uint16_t port = 8888;
    bool keep = false;
    std::string compare_with;  // "": the truth of this run
    DriverOptions driver;
};

Result<std::unique_ptr<Server>> startServer(const std::string& data_dir, std::uint16_t port) {
    ServerOptions options{
        .data_dir = data_dir, .http = {}, .queue = {}, .consumer = {}, .deduplicator = {}};
    options.http.port = port;
    return Server::start(std::move(options));
}

// On `port`, or when that is taken, on the next one that is free.
Result<std::unique_ptr<Server>> startOnFreePort(const std::string& data_dir, std::uint16_t port) {
    auto server = startServer(data_dir, port);
    // The folder is our own, so the port is all that can be in other hands.
    for (std::uint16_t i = 1; !server && server.error().code == Code::kUnavailable; ++i) {
        if (i > kPortsTried) return server;
        server = startServer(data_dir, static_cast<std::uint16_t>(port + i));
        if (server) fmt::print("Port {} is taken; this demo uses {}.\n", port, (*server)->port());
    }
    return server;
}

// What a run leaves behind for the findings.
struct Run {
    DriverSummary summary;
    AuditAnswer audit;
    std::chrono::duration<double> until_stored;
};

Result<Run> driveAndWait(const DemoFlags& flags, const std::string& truth_file, ApiSource& server,
                         const std::stop_token& stop) {
    const SystemClock clock;
    SystemWaiter waiter;
    ProgressLine progress(clock);
    DriverOptions options = flags.driver;
    options.truth_file = truth_file;
    options.on_progress = [&progress, users = options.users](const DriverSummary& so_far) {
        progress.show(renderProgress(so_far, users, ::isatty(STDERR_FILENO) != 0));
    };
    Driver driver(std::move(options), defaultBehaviour(),
                  connectOverHttp(server.url() + "/webhook", kCallTimeout), clock, waiter);
    auto summary = driver.run(stop);
    const SteadyTime sent_at = clock.steadyNow();
    progress.clear();
    if (!summary) return std::unexpected(std::move(summary.error()));
    if (stop.stop_requested()) return fail(Code::kClosed, "stopped before the end");
    auto audit = waitUntilStored(server, kStoreTimeout);
    if (!audit) return std::unexpected(std::move(audit.error()));
    const auto until_stored = summary->elapsed + (clock.steadyNow() - sent_at);
    return Run{std::move(*summary), std::move(*audit), until_stored};
}

Result<void> printReports(ApiSource& server) {
    std::vector<std::pair<std::string, std::string>> query = {
        {"format", "table"}, {"columns", std::to_string(terminalColumns())}};
    if (wantsPlainText()) query.emplace_back("ascii", "true");
    for (const char* name : {"stages", "cities"}) {
        const auto text = server.get(fmt::format("/api/v1/reports/{}", name), query);
        if (!text) return std::unexpected(text.error());
        fmt::print("\n{}", *text);
    }
    return {};
}

// The figures of the reports, fetched over HTTP like anybody would, against the truth.
Result<DemoFindings> compareReports(ApiSource& server, const std::string& truth_file) {
    const auto truth = PosixFileSystem().readAll(truth_file);
    if (!truth) return std::unexpected(truth.error());
    const auto stages = server.get("/api/v1/reports/stages", {});
    if (!stages) return std::unexpected(stages.error());
    const auto cities = server.get("/api/v1/reports/cities", {});
    if (!cities) return std::unexpected(cities.error());
    auto findings = findCities(*truth, *cities);
    findings.difference = compareWithTruth(*truth, *stages, *cities);
    return findings;
}

Result<double> rowsPerTransaction(ApiSource& server) {
    const auto csv =
        server.post("/api/v1/sql", {{"format", "csv"}},
                    "SELECT sum(stored)::DOUBLE / count(*) AS mean FROM commits WHERE stored > 0");
    if (!csv) return std::unexpected(csv.error());
    return std::stod(csv->substr(csv->find('\n') + 1));
}

void printFigures(const Run& run, double rows_per_transaction) {
    const AuditAnswer& audit = run.audit;
    fmt::print("\n{}", renderSummary(run.summary));
    fmt::print("  stored after        {:.1f} s: {:.0f} events/s, {:.0f} rows a transaction\n",
               run.until_stored.count(),
               static_cast<double>(audit.accepted) / run.until_stored.count(),
               rows_per_transaction);
    fmt::print(
        "Audit: {} received = {} stored + {} duplicates + {} rejected + {} dead-lettered + "
        "{} in flight; balanced: {}; durability: {}\n",
        audit.received, audit.stored, audit.duplicates, audit.rejected, audit.dead_lettered,
        audit.in_flight, audit.balanced ? "yes" : "no", audit.durability);
}

void printLinesToCopy(const DemoFlags& flags, const std::string& url) {
    const std::string self = ::program_invocation_name;
    const std::string base = flags.keep ? url : "http://localhost:8888";
    fmt::print("\n{}\n", flags.keep
                             ? "This demo goes on serving until Ctrl-C. To copy:"
                             : fmt::format("To try it yourself, start {} serve and copy:", self));
    fmt::print(
        "  curl {}/webhook -d '{{\"user_id\":\"me\",\"event_type\":\"place_order\","
        "\"city\":\"Pune\",\"amount\":499}}'\n"
        "  {} report stages --url {}\n"
        "  {}/\n",
        base, self, base, base);
    std::fflush(stdout);
}

Result<ExitCode> runDemo(const DemoFlags& flags) {
    const StopSignals signals;  // before any other thread
    const auto folder = TemporaryFolder::create();
    if (!folder) return std::unexpected(folder.error());
    auto server = startOnFreePort(folder->path() + "/data", flags.port);
    if (!server) return std::unexpected(std::move(server.error()));
    auto client = ApiSource::connect((*server)->url());
    if (!client) return std::unexpected(std::move(client.error()));
    fmt::print("{} shoppers send their events to {}/webhook ...\n", flags.driver.users,
               (*server)->url());
    std::fflush(stdout);

    const std::string truth_file =
        flags.driver.truth_file.empty() ? folder->path() + "/truth.json" : flags.driver.truth_file;
    const auto run = driveAndWait(flags, truth_file, *client, signals.token());
    if (!run) return std::unexpected(run.error());
    if (auto printed = printReports(*client); !printed)
        return std::unexpected(std::move(printed.error()));
    const auto mean_rows = rowsPerTransaction(*client);
    if (!mean_rows) return std::unexpected(mean_rows.error());
    const auto findings =
        compareReports(*client, flags.compare_with.empty() ? truth_file : flags.compare_with);
    if (!findings) return std::unexpected(findings.error());

    printFigures(*run, *mean_rows);
    fmt::print("{}", renderFindings(*findings));
    printLinesToCopy(flags, (*server)->url());
    if (flags.keep) signals.wait();
    (*server)->stop();
    const bool good = !findings->difference && run->audit.balanced && run->summary.complete();
    return good ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace

void addDemoCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<DemoFlags>();
    flags->driver.users = 200'000;
    CLI::App& command =
        line.add("demo", "The main job, end to end, on shoppers that are made up",
                 "footfall demo --users 20000 --keep", [flags] { return runDemo(*flags); });
    command.add_option("--port", flags->port, "Port to serve on; the next free one if it is taken")
        ->check(CLI::Range(1, 65'535))
        ->capture_default_str();
    command.add_flag("--keep", flags->keep, "Go on serving until Ctrl-C");
    addDriverFlags(command, flags->driver);
    command
        .add_option("--compare-with", flags->compare_with,
                    "Compare the reports with this truth instead of that of the run")
        ->type_name("FILE");
}

}  // namespace footfall
