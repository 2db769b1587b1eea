#include "main/terminal.h"

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace footfall {
namespace {

constexpr std::size_t kColumnsWithoutTerminal = 80;
constexpr std::size_t kColumnsMin = 40;
constexpr std::chrono::milliseconds kPauseOnTerminal{100};
constexpr std::chrono::seconds kPauseElsewhere{5};

}  // namespace

std::size_t terminalColumns() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < kColumnsMin)
        return kColumnsWithoutTerminal;
    return size.ws_col;
}

bool wantsPlainText() {
    const char* no_color = std::getenv("NO_COLOR");
    if (::isatty(STDOUT_FILENO) == 0 || (no_color != nullptr && *no_color != '\0')) return true;
    std::setlocale(LC_CTYPE, "");
    return std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0;
}

ProgressLine::ProgressLine(const Clock& clock)
    : clock_(clock),
      on_terminal_(::isatty(STDERR_FILENO) != 0),
      next_(clock.steadyNow() + kPauseOnTerminal) {}

ProgressLine::~ProgressLine() {
    clear();
}

void ProgressLine::clear() {
    if (shown_ && on_terminal_) fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
}

void ProgressLine::show(const std::string& text) {
    const SteadyTime now = clock_.steadyNow();
    if (now < next_) return;
    if (on_terminal_)
        fmt::print(stderr, "\r\x1b[K{}", text);
    else
        fmt::print(stderr, "{}\n", text);
    std::fflush(stderr);
    next_ = now + (on_terminal_ ? std::chrono::milliseconds(kPauseOnTerminal)
                                : std::chrono::milliseconds(kPauseElsewhere));
    shown_ = true;
}

}  // namespace footfall
