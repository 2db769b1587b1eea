#pragma once

#include <vector>

#include "database/database.h"
#include "event/journey.h"

namespace footfall {

// The journeys that the server of this data folder stored last, by name. Errors: the database's.
[[nodiscard]] Result<std::vector<Journey>> storedJourneys(Database& database);

}  // namespace footfall
