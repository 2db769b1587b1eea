#pragma once

#include <cstdint>

#include "main/api_source.h"
#include "main/dead_letter_file.h"
#include "main/webhook_sender.h"
#include "support/clock.h"

namespace footfall {

struct ReplayCounts {
    std::uint64_t sent = 0;
    std::uint64_t rejected = 0;  // by validation; they wait on
};

// Sends every letter that waits to the webhook, under the id it has, so that one that was stored
// meanwhile, or is sent twice, counts as a duplicate. What was accepted is marked as replayed, on
// the disk, before the next batch is sent; what was rejected is named on stderr.
// Errors: those of the sender and of the file; what was accepted before is marked.
[[nodiscard]] Result<ReplayCounts> replayDeadLetters(DeadLetterFile& file, WebhookSender& sender,
                                                     const Clock& clock);

}  // namespace footfall
