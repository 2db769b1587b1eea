#pragma once

#include <string>

#include "database/database.h"
#include "report/report_parameters.h"

namespace footfall {

// The result of a query as text. JSON: {"columns":[…],"rows":[[…]],"truncated":false}, decimals as
// strings, times as RFC 3339. Table and Markdown: numbers to the right, absent values empty; the
// table with control characters escaped, `truncated` said in a last line.
std::string renderResult(const QueryResult& result, ReportFormat format);

}  // namespace footfall
