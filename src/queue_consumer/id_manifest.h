#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/sequence.h"
#include "queue_consumer/id_entry.h"
#include "queue_consumer/id_run.h"

namespace footfall {

// IdManifest: which runs are the archive, and up to which number it holds every stored id.
// Threads: a value.   Layout on disk: docs/id_files.md.
struct IdManifest {
    IdKey key;
    SequenceNumber covered;
    std::vector<IdRunInfo> runs;

    std::string text() const;
    // nullopt: damaged, or written by a version that this one does not know.
    static std::optional<IdManifest> parse(std::string_view text);
};

}  // namespace footfall
