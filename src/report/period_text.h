#pragma once

#include <string>

#include "report/number_text.h"
#include "report/report_parameters.h"

namespace footfall {

// What a report is about, in one line: Journey "storefront" · 1–28 Mar 2026, Asia/Kolkata · all
// users. A period of whole days names its last day, any other the instant at which it ends.
std::string titleText(const ReportParameters& parameters, const TimeZone& zone, TextStyle style);

// The same of a comparison's other side: only what it has otherwise than `parameters`.
// "1–28 Feb 2026", "Delhi", "all but Pune".
std::string comparandText(const ReportParameters& parameters, const Comparand& comparand,
                          const TimeZone& zone, TextStyle style);

}  // namespace footfall
