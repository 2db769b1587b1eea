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

// The n-th passing of one point, as an environment variable names it.
class Target {
  public:
    explicit Target(const char* variable) {
        const char* value = std::getenv(variable);
        const std::string_view text = value == nullptr ? "" : value;
        const std::size_t colon = text.find(':');
        point_ = text.substr(0, colon);
        if (colon != std::string_view::npos)
            std::from_chars(text.data() + colon + 1, text.data() + text.size(), passing_);
    }
    bool reachedAt(std::string_view point) {
        return point == point_ && passed_.fetch_add(1, std::memory_order_relaxed) + 1 == passing_;
    }

  private:
    std::string_view point_;
    unsigned passing_ = 1;
    std::atomic<unsigned> passed_{0};
};

}  // namespace

void crashPoint(const char* name) {
    static Target crash("FOOTFALL_CRASH_AT");
    static Target stall("FOOTFALL_STALL_AT");
    if (crash.reachedAt(name)) ::kill(::getpid(), SIGKILL);
    if (stall.reachedAt(name))
        while (true) ::pause();
}

}  // namespace footfall

#endif
