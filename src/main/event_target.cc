#include "main/event_target.h"

#include <utility>

#include "main/data_folder.h"
#include "main/time_zone_flag.h"

namespace footfall {

void addEventTargetFlags(CLI::App& command, EventTargetOptions& options) {
    command.add_option("--url", options.url, "Server to send to [the one of the data folder]")
        ->type_name("URL");
    command
        .add_option("--data-dir", options.data_dir,
                    "Folder of the data; its server takes the events when one runs")
        ->type_name("DIR")
        ->capture_default_str();
    command
        .add_option("--timezone", options.timezone,
                    "Zone of times without offset, when no server runs [the machine's]")
        ->type_name("ZONE");
}

Result<EventTarget> openEventTarget(const EventTargetOptions& flags) {
    if (!flags.url.empty()) return EventTarget{nullptr, flags.url};
    if (const auto holder = holderOf(flags.data_dir); holder && holder->url)
        return EventTarget{nullptr, *holder->url};
    auto zone = timeZoneFromFlag(flags.timezone);
    if (!zone) return std::unexpected(std::move(zone.error()));
    ServerOptions options{.data_dir = flags.data_dir,
                          .http = {},
                          .zone = std::move(*zone),
                          .on_failure = {},
                          .queue = {},
                          .consumer = {},
                          .deduplicator = {}};
    options.http.port = 0;  // any free one
    auto server = Server::start(std::move(options));
    if (!server) return std::unexpected(std::move(server.error()));
    std::string url = (*server)->url();
    return EventTarget{std::move(*server), std::move(url)};
}

}  // namespace footfall
