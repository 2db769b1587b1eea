#include "support/http_framing.h"

#include <array>

namespace footfall {
namespace {

// The headers that decide how a request is read, and how often each stands there.
struct HeadFields {
    struct Field {
        std::string_view value;
        unsigned count = 0;
    };
    Field host, content_length, transfer_encoding, content_encoding, expect;
};

HeadFields collect(const HttpHeaders& headers) {
    HeadFields fields;
    const std::array<std::pair<std::string_view, HeadFields::Field*>, 5> wanted = {{
        {"host", &fields.host},
        {"content-length", &fields.content_length},
        {"transfer-encoding", &fields.transfer_encoding},
        {"content-encoding", &fields.content_encoding},
        {"expect", &fields.expect},
    }};
    for (const auto& [name, value] : headers)
        for (const auto& [key, field] : wanted)
            if (equalsIgnoringCase(name, key)) {
                field->value = value;
                ++field->count;
            }
    return fields;
}

bool needsBody(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

std::optional<Refusal> checkHost(const HeadFields::Field& host, bool is_http_1_1) {
    if (host.count > 1) return Refusal{400, "bad_host", "there is more than one Host header"};
    if (is_http_1_1 && host.count == 0)
        return Refusal{400, "bad_host", "the Host header is missing"};
    if (host.value.find_first_of(" \t,/@?#") != std::string_view::npos)
        return Refusal{400, "bad_host", "the Host header is not a host and a port"};
    return std::nullopt;
}

std::optional<Refusal> checkLength(const HeadFields& fields, std::string_view method,
                                   bool is_http_1_1) {
    const HeadFields::Field& length = fields.content_length;
    const HeadFields::Field& transfer = fields.transfer_encoding;
    if (length.count > 0 && transfer.count > 0)
        return Refusal{400, "bad_framing",
                       "Content-Length and Transfer-Encoding exclude each other"};
    if (length.count > 1 || length.value.find(',') != std::string_view::npos)
        return Refusal{400, "bad_framing", "there is more than one Content-Length"};
    if (transfer.count > 1 ||
        (transfer.count == 1 && !equalsIgnoringCase(transfer.value, "chunked")))
        return Refusal{400, "bad_framing", "the only Transfer-Encoding that is read is: chunked"};
    if (transfer.count == 1 && !is_http_1_1)
        return Refusal{400, "bad_framing", "HTTP/1.0 has no Transfer-Encoding"};
    if (length.count + transfer.count == 0 && needsBody(method))
        return Refusal{411, "length_required", "send Content-Length or Transfer-Encoding: chunked"};
    return std::nullopt;
}

std::expected<BodyCoding, Refusal> codingOf(const HeadFields::Field& encoding) {
    const std::string_view name = encoding.value;
    if (encoding.count <= 1) {
        if (name.empty() || equalsIgnoringCase(name, "identity")) return BodyCoding::kIdentity;
        if (equalsIgnoringCase(name, "gzip") || equalsIgnoringCase(name, "x-gzip"))
            return BodyCoding::kGzip;
    }
    return std::unexpected(
        Refusal{415, "unsupported_encoding", "the only Content-Encoding that is read is: gzip"});
}

}  // namespace

std::expected<BodyFraming, Refusal> checkHead(const HttpRequest& head, bool is_http_1_1) {
    const HeadFields fields = collect(head.headers);
    if (const auto refusal = checkHost(fields.host, is_http_1_1)) return std::unexpected(*refusal);
    if (const auto refusal = checkLength(fields, head.method, is_http_1_1))
        return std::unexpected(*refusal);
    const auto coding = codingOf(fields.content_encoding);
    if (!coding) return std::unexpected(coding.error());
    if (fields.expect.count > 0 && !equalsIgnoringCase(fields.expect.value, "100-continue"))
        return std::unexpected(
            Refusal{417, "expectation_failed", "the only Expect that is met is: 100-continue"});
    return BodyFraming{.coding = *coding,
                       .expects_continue = is_http_1_1 && fields.expect.count > 0};
}

std::optional<std::string_view> originForm(std::string_view target) {
    if (target.starts_with('/')) return target;
    constexpr std::string_view kScheme = "http://";
    if (!equalsIgnoringCase(target.substr(0, kScheme.size()), kScheme)) return std::nullopt;
    const std::size_t slash = target.find('/', kScheme.size());
    if (slash == std::string_view::npos) return "/";
    return target.substr(slash);
}

bool hasFoldedLine(std::string_view head) {
    for (std::size_t at = head.find('\n'); at != std::string_view::npos && at + 1 < head.size();
         at = head.find('\n', at + 1))
        if (head[at + 1] == ' ' || head[at + 1] == '\t') return true;
    return false;
}

}  // namespace footfall
