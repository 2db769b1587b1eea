#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.h"
#include "support/decimal.h"

// What is counted for the reports, by whichever engine counts: the journey index or SQL. What every
// number means: docs/reports.md.
namespace footfall {

// The city of those who have none.
constexpr std::string_view kUnknownCity = "unknown";

// Amounts by currency.
using Money = std::map<std::string, Decimal>;

// Two neighbours in the sorted list of whole seconds; a percentile lies between them.
struct SecondsPair {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

struct StageCount {
    std::int64_t users = 0;
    std::int64_t furthest_users = 0;
    std::int64_t users_in_order = 0;
    std::optional<SecondsPair> median;  // nullopt: nobody, or no required stage before
    std::optional<SecondsPair> p90;
};

struct StageCounts {
    std::int64_t total_users = 0;
    std::int64_t total_events = 0;
    std::int64_t users_inside_window = 0;
    std::vector<StageCount> stages;  // in the order of the journey
};

struct CityCount {
    std::string city;
    std::int64_t users = 0;
    std::vector<std::int64_t> stage_users;     // in any order; one a stage of the journey
    std::vector<std::int64_t> users_in_order;  // one a stage of the journey
    std::int64_t buyers = 0;
    std::int64_t orders = 0;
    Money revenue;  // only the currencies that occur
};

// What depends on the clock or the calendar is counted by quarters of an hour: days and weeks of
// any time zone are made of whole ones.
constexpr std::int64_t kQuarterHourUs = 15LL * 60 * 1'000'000;

// The persons whose first event in scope lies in one quarter of an hour.
struct TrendCount {
    UtcTime from{};
    std::int64_t users = 0;
    std::int64_t buyers = 0;
    std::int64_t buyers_in_order = 0;
    std::int64_t users_inside_window = 0;
};

// What a report can be narrowed to.
struct FilterValue {
    std::string name;
    std::int64_t users = 0;  // whom the filter with this name leaves in scope
};

// Most users first, then by the bytes of the name.
struct FilterCounts {
    std::vector<FilterValue> cities;
    std::vector<FilterValue> devices;
    std::vector<FilterValue> channels;
};

// The events in the period that belong to no stage of the journey.
struct OutsideCount {
    std::int64_t event_types = 0;
    std::int64_t events = 0;
};

}  // namespace footfall
