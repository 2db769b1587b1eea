#pragma once

#include <string>

#include "report/trend_report.h"

namespace footfall {

std::string renderJson(const TrendReport& report);
std::string renderCsv(const TrendReport& report);
std::string renderMarkdown(const TrendReport& report);
std::string renderTerminal(const TrendReport& report, const TableOptions& options);

// The table alone, for a terminal that has shown what the report is about.
std::string trendTable(const TrendReport& report, const TableOptions& options);

}  // namespace footfall
