#pragma once

#include <string>

#include "report/city_report.h"
#include "report/stage_report.h"

namespace footfall {

std::string renderJson(const StageReport& report);
std::string renderJson(const CityReport& report);

}  // namespace footfall
