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
constexpr std::chrono::milliseconds kStopLimit{8'000};
// With a journal that has failed: time to send the answers. There is nothing to wait for; the next
// start finds out what is on the disk, and the sooner it comes the sooner events are taken again.
constexpr std::chrono::milliseconds kFailedStopLimit{500};

// Ends the process when stopping takes longer than the limit.
void endIfStuck(const std::stop_token& stopped, ExitCode code) {
    const auto limit = code == ExitCode::kDone ? kStopLimit : kFailedStopLimit;
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait_for(lock, stopped, limit, [] { return false; });
    if (stopped.stop_requested()) return;
    spdlog::warn("the database is not ready after {} ms; what it has not taken is in the journal",
                 limit.count());
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
