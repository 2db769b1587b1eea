#include "report/render.h"

#include "report/render_csv.h"
#include "report/render_json.h"
#include "report/render_markdown.h"
#include "report/render_terminal.h"
#include "report/render_trend.h"
#include "support/check.h"

namespace footfall {
namespace {

template <class Report>
std::string renderAs(const Report& report, ReportFormat format, const TableOptions& table) {
    switch (format) {
        case ReportFormat::kTable:
            return renderTerminal(report, table);
        case ReportFormat::kCsv:
            return renderCsv(report);
        case ReportFormat::kJson:
            return renderJson(report);
        case ReportFormat::kMarkdown:
            return renderMarkdown(report);
    }
    CHECK(false, "every format has a renderer");
}

}  // namespace

std::string render(const StageReport& report, ReportFormat format, const TableOptions& table) {
    return renderAs(report, format, table);
}

std::string render(const CityReport& report, ReportFormat format, const TableOptions& table) {
    return renderAs(report, format, table);
}

std::string render(const TrendReport& report, ReportFormat format, const TableOptions& table) {
    return renderAs(report, format, table);
}

std::string_view contentType(ReportFormat format) {
    switch (format) {
        case ReportFormat::kTable:
            return "text/plain; charset=utf-8";
        case ReportFormat::kCsv:
            return "text/csv; charset=utf-8";
        case ReportFormat::kJson:
            return "application/json";
        case ReportFormat::kMarkdown:
            return "text/markdown; charset=utf-8";
    }
    CHECK(false, "every format has a type");
}

}  // namespace footfall
