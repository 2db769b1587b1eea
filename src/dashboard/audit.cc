#include "dashboard/audit.h"

#include <nlohmann/json.hpp>

namespace footfall {

bool Audit::balanced() const {
    const EventCounters& totals = applied.totals;
    const std::uint64_t decided = totals.stored + totals.duplicates + totals.dead_lettered;
    return rows_matched_at_start && decided == applied.last.value;
}

std::string toJson(const Audit& audit) {
    const EventCounters& totals = audit.applied.totals;
    const nlohmann::ordered_json json = {
        {"received", audit.last_accepted.value + totals.rejected},
        {"accepted", audit.last_accepted.value},
        {"rejected", totals.rejected},
        {"stored", totals.stored},
        {"duplicates", totals.duplicates},
        {"dead_lettered", totals.dead_lettered},
        {"in_flight", audit.inFlight()},
        {"balanced", audit.balanced()},
        {"durability", audit.durability},
    };
    return json.dump();
}

}  // namespace footfall
