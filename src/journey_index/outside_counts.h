#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <absl/container/flat_hash_map.h>

#include "journey_index/journey_counts.h"
#include "support/result.h"

namespace footfall {

// OutsideCounts: how many events of each type belong to no stage, by the quarter of an hour: days
// begin at one, whatever the time zone.
// Threads: one at a time.
// Bounds: kEntriesMax entries, some 50 MB; beyond that nothing is answered any more.
class OutsideCounts {
  public:
    static constexpr std::size_t kEntriesMax = 1 << 20;

    void add(std::uint32_t event_type, std::int64_t at_us);
    // Of the period [from, to). nullopt: it does not begin and end at quarters, or there were too
    // many entries.
    std::optional<OutsideCount> count(std::optional<std::int64_t> from_us,
                                      std::optional<std::int64_t> to_us) const;

    // As one text, and back. Errors of fromText: kMalformed.
    std::string toText() const;
    [[nodiscard]] static Result<OutsideCounts> fromText(std::string_view text);

  private:
    // Key: the event type's code in the upper half, quarters since 1970 in the lower one.
    absl::flat_hash_map<std::uint64_t, std::uint64_t> counts_;
    bool too_many_ = false;
};

}  // namespace footfall
