#pragma once

#include <string>
#include <vector>

#include "support/clock.h"

namespace footfall {

// What was counted for one question. A report is made of it in no time: another order of the
// cities, weeks instead of days, another page need no new count.
template <class Counts>
struct Counted {
    UtcTime at{};  // becomes generated_at
    Counts counts;
    std::vector<std::string> notes;  // of the report; sentences
};

}  // namespace footfall
