#include "support/crash_point.h"

#if defined(FOOTFALL_CRASH_POINTS)

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include <signal.h>
#include <unistd.h>

namespace footfall {
namespace {

struct Target {
    std::string_view point;
    unsigned passing = 1;
};

Target readTarget() {
    const char* variable = std::getenv("FOOTFALL_CRASH_AT");
    const std::string_view text = variable == nullptr ? "" : variable;
    const std::size_t colon = text.find(':');
    Target target{.point = text.substr(0, colon)};
    if (colon != std::string_view::npos)
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), target.passing);
    return target;
}

}  // namespace

void crashPoint(const char* name) {
    static const Target target = readTarget();
    static std::atomic<unsigned> passed{0};
    if (target.point != name) return;
    if (passed.fetch_add(1, std::memory_order_relaxed) + 1 == target.passing)
        ::kill(::getpid(), SIGKILL);
}

}  // namespace footfall

#endif
