#pragma once

#include <string>

#include "report/city_report.h"
#include "report/stage_report.h"

// The reports for people: the plain answer first, in words, then the figures, one counting rule a
// block. A wider terminal shows more.
namespace footfall {

std::string renderTerminal(const StageReport& report, const TableOptions& options);
std::string renderTerminal(const CityReport& report, const TableOptions& options);

}  // namespace footfall
