#pragma once

#include <string>

#include "report/city_report.h"
#include "report/stage_report.h"

namespace footfall {

std::string renderCsv(const StageReport& report);
std::string renderCsv(const CityReport& report);

}  // namespace footfall
