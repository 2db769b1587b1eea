#include "main/audit_client.h"

#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

constexpr std::chrono::milliseconds kPause{20};

}  // namespace

Result<AuditAnswer> fetchAudit(ApiSource& server) {
    const auto text = server.get("/api/v1/audit", {});
    if (!text) return std::unexpected(text.error());
    try {
        const auto json = nlohmann::json::parse(*text);
        return AuditAnswer{.received = json.at("received"),
                           .accepted = json.at("accepted"),
                           .rejected = json.at("rejected"),
                           .stored = json.at("stored"),
                           .duplicates = json.at("duplicates"),
                           .dead_lettered = json.at("dead_lettered"),
                           .in_flight = json.at("in_flight"),
                           .balanced = json.at("balanced"),
                           .durability = json.at("durability")};
    } catch (const nlohmann::json::exception&) {
        return fail(Code::kMalformed, fmt::format("this is no audit: {}", *text));
    }
}

Result<AuditAnswer> waitUntilStored(ApiSource& server, std::chrono::milliseconds timeout) {
    const auto give_up_at = std::chrono::steady_clock::now() + timeout;
    while (true) {
        auto audit = fetchAudit(server);
        if (!audit || audit->in_flight == 0) return audit;
        if (std::chrono::steady_clock::now() > give_up_at)
            return fail(Code::kDeadlineExceeded,
                        fmt::format("{} events are still not stored", audit->in_flight));
        std::this_thread::sleep_for(kPause);
    }
}

}  // namespace footfall
