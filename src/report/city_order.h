#pragma once

#include <string>

#include "report/city_report.h"

namespace footfall {

// Puts the report's cities into the order that is asked for, largest first, then by the bytes of
// the name, `unknown` last, and ranks them. `currency` is the one that revenue is compared in.
void rankCities(CityReport& report, const std::string& currency);

}  // namespace footfall
