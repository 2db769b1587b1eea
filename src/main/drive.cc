#include <charconv>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "event_producer/driver.h"
#include "main/commands.h"
#include "main/driver_flags.h"
#include "main/stop_signals.h"
#include "main/terminal.h"
#include "support/file.h"

namespace footfall {
namespace {

constexpr std::chrono::seconds kCallTimeout{15};

struct DriveFlags {
    std::string url = "http://localhost:8888/webhook";
    std::string rate = "max";
    std::string behaviour;  // "": the built-in model
    DriverOptions options;
};

Result<std::optional<double>> parseRate(const std::string& text) {
    if (text == "max") return std::nullopt;
    double rate = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, rate);
    if (error != std::errc() || stop != end || !(rate > 0))
        return fail(Code::kInvalidArgument,
                    fmt::format("--rate: events per second or max, not {}", text));
    return rate;
}

// The server's address alone does as well.
std::string webhookUrl(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t path = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
    if (path == std::string::npos) return url + "/webhook";
    return path + 1 == url.size() ? url + "webhook" : url;
}

Result<DriverOptions> driverOptionsOf(const DriveFlags& flags) {
    DriverOptions options = flags.options;
    const auto rate = parseRate(flags.rate);
    if (!rate) return std::unexpected(rate.error());
    options.events_per_second = *rate;
    return options;
}

Result<BehaviourModel> behaviourOf(const DriveFlags& flags) {
    if (flags.behaviour.empty()) return defaultBehaviour();
    const auto text = PosixFileSystem().readAll(flags.behaviour);
    if (!text) return fail(Code::kInvalidArgument, text.error().what);
    auto model = parseBehaviour(*text, flags.behaviour);
    if (!model) return fail(Code::kInvalidArgument, model.error().what);
    return model;
}

Result<ExitCode> runDrive(const DriveFlags& flags) {
    auto options = driverOptionsOf(flags);
    if (!options) return std::unexpected(std::move(options.error()));
    const auto model = behaviourOf(flags);
    if (!model) return std::unexpected(model.error());
    const StopSignals signals;  // before the driver's threads
    const SystemClock clock;
    SystemWaiter waiter;
    ProgressLine progress(clock);
    options->on_progress = [&progress, users = options->users](const DriverSummary& so_far) {
        progress.show(renderProgress(so_far, users, ::isatty(STDERR_FILENO) != 0));
    };
    Driver driver(std::move(*options), *model, connectOverHttp(webhookUrl(flags.url), kCallTimeout),
                  clock, waiter);
    const auto summary = driver.run(signals.token());
    progress.clear();
    if (!summary) return std::unexpected(summary.error());
    fmt::print("{}", renderSummary(*summary));
    if (signals.token().stop_requested()) fmt::print("Stopped before the end.\n");
    const bool all = summary->complete() && !signals.token().stop_requested();
    return all ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace

void addDriveCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<DriveFlags>();
    CLI::App& command =
        line.add("drive", "Shoppers that send events to a webhook",
                 "footfall drive --users 10000 --rate 5000", [flags] { return runDrive(*flags); });
    command.add_option("--url", flags->url, "The webhook")->capture_default_str();
    addDriverFlags(command, flags->options);
    command.add_option("--rate", flags->rate, "Events per second, or max: as fast as it answers")
        ->capture_default_str();
    command.add_option("--behaviour", flags->behaviour, "How shoppers behave [the built-in model]")
        ->type_name("FILE");
    command
        .add_option("--output", flags->options.output_file,
                    "Write every event that is sent to this file, a line each")
        ->type_name("FILE.jsonl");
}

}  // namespace footfall
