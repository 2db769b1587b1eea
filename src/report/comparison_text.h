#pragma once

#include <string>

#include "report/city_report.h"
#include "report/stage_report.h"

// The comparison of a report for people. REQUIRES: the report has one.
namespace footfall {

// A block under a report's own table.
std::string comparisonBlock(const StageReport& report, const TableOptions& options);
std::string comparisonBlock(const CityReport& report, const TableOptions& options);

std::string comparisonMarkdown(const StageReport& report);
std::string comparisonMarkdown(const CityReport& report);

}  // namespace footfall
