#pragma once

#include <string>
#include <vector>

#include "event/journey.h"
#include "report/report_parameters.h"
#include "tests/reports/report_store.h"

namespace footfall {

// A journey, what is asked for and what happened, drawn at random.
struct RandomCase {
    Journey journey;
    std::string currency;          // the configured one
    std::string zone;              // the configured one
    UtcTime now{};                 // when the reports are made
    std::vector<QueryPair> query;  // as it would come over HTTP
    std::vector<StoredEvent> events;
};

// The same for the same seed and index, on every machine. Most cases are small and full of
// coincidences: few persons, few instants, few values; one in six has enough users for its
// cities to be tested.
RandomCase randomCase(std::uint64_t seed, std::uint64_t index);

}  // namespace footfall
