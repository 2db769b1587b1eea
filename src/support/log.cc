#include "support/log.h"

#include <spdlog/sinks/stdout_sinks.h>

namespace footfall {
namespace {

constexpr std::size_t kLoggedBytesMax = 256;

// Length of the UTF-8 bidirectional control at the front of text (U+200E/F, U+202A–E, U+2066–9),
// else 0.
std::size_t bidiControlBytes(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xe2') return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    const auto third = static_cast<unsigned char>(text[2]);
    const bool control =
        (second == 0x80 && (third == 0x8e || third == 0x8f || (third >= 0xaa && third <= 0xae))) ||
        (second == 0x81 && third >= 0xa6 && third <= 0xa9);
    return control ? 3 : 0;
}

}  // namespace

void configureLog(const std::string& level) {
    auto logger = std::make_shared<spdlog::logger>(
        "footfall", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

std::string forLog(std::string_view text) {
    std::string out;
    std::size_t i = 0;
    while (i < text.size() && out.size() < kLoggedBytesMax) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (const std::size_t bytes = bidiControlBytes(text.substr(i)); bytes > 0) {
            out += "\\u{bidi}";
            i += bytes;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\u{:04x}", byte);
            ++i;
        } else {
            out += text[i++];
        }
    }
    // Do not end inside a character.
    while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80)
        out += text[i++];
    if (i < text.size()) out += "…";
    return out;
}

}  // namespace footfall
