#pragma once

#include <memory>
#include <string>

#include "main/command_line.h"
#include "main/server.h"

namespace footfall {

struct EventTargetOptions {
    std::string url;  // "": the server of the folder, if one runs
    std::string data_dir = "./footfall-data";
    std::string timezone;  // "": the machine's; only without a server
};
// --url, --data-dir and --timezone.
void addEventTargetFlags(CLI::App& command, EventTargetOptions& options);

// Where import and replay send their events: the server that was named or holds the folder, else
// one of our own, which stores what it took when it is destroyed.
struct EventTarget {
    std::unique_ptr<Server> own_server;
    std::string url;
};
// Errors: those of Server::start | kInvalidArgument for the time zone.
[[nodiscard]] Result<EventTarget> openEventTarget(const EventTargetOptions& options);

}  // namespace footfall
