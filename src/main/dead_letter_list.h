#pragma once

#include <string>

#include "main/dead_letter_file.h"
#include "support/time_text.h"

namespace footfall {

struct DeadLetterListOptions {
    std::string format = "table";  // table, csv, or json: the events alone, a line each
    bool all = false;              // those that were replayed as well
    TimeZone zone;                 // of the times
};
// Prints the letters on stdout; the table after how often each reason occurs. Passes over the file
// twice, so that its length does not matter.
[[nodiscard]] Result<void> printDeadLetters(DeadLetterFile& file,
                                            const DeadLetterListOptions& options);

}  // namespace footfall
