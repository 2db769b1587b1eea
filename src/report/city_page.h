#pragma once

#include "report/city_report.h"

namespace footfall {

// The report with these cities, and `unknown`; the others are added up.
CityReport pageOf(const CityReport& report, const CityPage& page);

}  // namespace footfall
