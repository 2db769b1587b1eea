#include "database/database.h"

namespace footfall {

EventCounters& EventCounters::operator+=(const EventCounters& other) {
    stored += other.stored;
    duplicates += other.duplicates;
    conflicts += other.conflicts;
    dead_lettered += other.dead_lettered;
    rejected += other.rejected;
    without_id += other.without_id;
    late += other.late;
    return *this;
}

}  // namespace footfall
