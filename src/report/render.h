#pragma once

#include <string>

#include "report/city_report.h"
#include "report/report_parameters.h"
#include "report/stage_report.h"
#include "report/trend_report.h"

// Reports as text. Equal reports give equal bytes; generated_at alone differs between two runs.
namespace footfall {

std::string render(const StageReport& report, ReportFormat format, const TableOptions& table);
std::string render(const CityReport& report, ReportFormat format, const TableOptions& table);
std::string render(const TrendReport& report, ReportFormat format, const TableOptions& table);

// "application/json", "text/csv; charset=utf-8" …
std::string_view contentType(ReportFormat format);

}  // namespace footfall
