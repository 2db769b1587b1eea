#pragma once

#include <string>

#include "report/city_report.h"
#include "report/stage_report.h"

namespace footfall {

std::string renderMarkdown(const StageReport& report);
std::string renderMarkdown(const CityReport& report);

}  // namespace footfall
