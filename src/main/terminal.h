#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "support/clock.h"

namespace footfall {

// How wide the terminal on standard output is; 80 when it is none.
std::size_t terminalColumns();
// Whether standard output gets ASCII alone: pipes, NO_COLOR, locales that are not UTF-8.
bool wantsPlainText();

// ProgressLine: says on stderr how far long work is: one line that is written over on a terminal,
// elsewhere a line now and then.
// Threads: one at a time.
class ProgressLine {
  public:
    explicit ProgressLine(const Clock& clock);
    ~ProgressLine();
    // Shows it unless something was shown a moment ago.
    void show(const std::string& text);
    // Takes it away from the terminal, before something else is printed.
    void clear();

  private:
    const Clock& clock_;
    const bool on_terminal_;
    SteadyTime next_;
    bool shown_ = false;
};

}  // namespace footfall
