#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "support/http.h"

// The checks of a request's head that the HTTP library leaves to its user, without any socket.
// A request that two readers could take for two different ones is refused, never interpreted.
// Source: RFC 9112 sections 3.2, 5.2, 6.1 and 6.3.
namespace footfall {

// What the server answers by itself when a request cannot be read; the connection closes then.
struct Refusal {
    unsigned status;
    std::string_view code;
    std::string_view message;
};

enum class BodyCoding { kIdentity, kGzip };

// What a head says about the body behind it.
struct BodyFraming {
    BodyCoding coding = BodyCoding::kIdentity;
    bool expects_continue = false;
};

// REQUIRES: the syntax of each line has been checked, as Beast does.
[[nodiscard]] std::expected<BodyFraming, Refusal> checkHead(const HttpRequest& head,
                                                            bool is_http_1_1);

// The part of a target that names a resource of this server: "/x?y" of itself and of
// "http://host/x?y". nullopt for every other form.
std::optional<std::string_view> originForm(std::string_view target);

// Whether a header's value goes on in a line that begins with white space (obs-fold). Beast joins
// such lines; other readers end the header there.
bool hasFoldedLine(std::string_view head);

}  // namespace footfall
