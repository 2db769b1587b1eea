#pragma once

#include <string>
#include <vector>

#include "event/journey.h"
#include "report/report_parameters.h"
#include "tests/reports/report_store.h"

namespace footfall {

// One report that is asked for and the text that must be answered.
struct GoldenReport {
    std::string name;              // stages, cities or trend
    std::vector<QueryPair> query;  // format=table unless it says otherwise
    std::string expected;
};

// GoldenFile: a test as data, tests/reports/*.test. Line by line:
//   # a comment
//   journey view gift* buy          the stages, each with the event type of its name; * is optional
//   event TIME USER TYPE key=value… city, device, channel, order, product, amount, currency
//   crowd CITY COUNT COUNT …        as many users in CITY as the first number says, of whom COUNT
//                                   reached each next required stage, a minute after the one before
//   now TIME                        when the reports are made; 1970 where there is no such line
//   report stages|cities|trend key=value… the answer follows, up to a line "end"
struct GoldenFile {
    Journey journey{.name = "shop", .stages = {}};
    std::vector<StoredEvent> events;
    std::vector<GoldenReport> reports;
    UtcTime now{};
};

// A mistake in the file aborts the test and names the line.
GoldenFile readGoldenFile(const std::string& path);

}  // namespace footfall
