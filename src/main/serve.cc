#include <atomic>
#include <condition_variable>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "main/commands.h"
#include "main/server.h"
#include "main/server_flags.h"
#include "main/stop_signals.h"
#include "support/log.h"

namespace footfall {
namespace {

// A stop that takes longer is ended: nobody waits for ever for a database that hangs.
constexpr std::chrono::seconds kStopLimit{8};

// Ends the process when stopping takes longer than kStopLimit.
void endIfStuck(const std::stop_token& stopped, ExitCode code) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait_for(lock, stopped, kStopLimit, [] { return false; });
    if (stopped.stop_requested()) return;
    spdlog::warn("the database is not ready after {} s; what it has not taken is in the journal",
                 kStopLimit.count());
    // Durable is all that was acknowledged; a database that hangs cannot be closed.
    ::_exit(static_cast<int>(code));
}

Result<ExitCode> runServe(const ServerFlags& flags) {
    auto options = serverOptionsOf(flags);
    if (!options) return std::unexpected(std::move(options.error()));
    StopSignals signals;  // before the server's threads
    std::atomic<bool> failed = false;
    options->on_failure = [&] {
        failed = true;  // read after the wait that requestStop() ends
        signals.requestStop();
    };
    auto server = Server::start(std::move(*options));
    if (!server) return std::unexpected(std::move(server.error()));
    fmt::print("footfall serves {} from the folder {}, durability: {}\n", (*server)->url(),
               flags.data_dir, toString((*server)->durability()));
    std::fflush(stdout);

    signals.wait();
    const auto audit = (*server)->audit();
    spdlog::info("stopping: {}", audit ? fmt::format("{} events on the way", audit->inFlight())
                                       : forLog(audit.error().what));
    const ExitCode code = failed ? ExitCode::kFailed : ExitCode::kDone;
    const std::jthread watchdog(
        [code](const std::stop_token& stopped) { endIfStuck(stopped, code); });
    server->reset();
    return code;
}

}  // namespace

void addServeCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<ServerFlags>();
    CLI::App& command =
        line.add("serve", "Webhook, queue, consumer, database and API in one process",
                 "footfall serve --port 8888 --data-dir ./footfall-data",
                 [flags] { return runServe(*flags); });
    addServerFlags(command, *flags);
}

}  // namespace footfall
