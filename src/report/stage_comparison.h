#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "report/number_text.h"
#include "report/report_parameters.h"

// The funnel beside that of another period or group. docs/reports.md says what every number means.
namespace footfall {

struct StageReport;

// From one required stage to the next, on both sides; nullopt: undefined.
struct ComparedStep {
    std::string from;
    std::string to;
    std::optional<double> percent;
    std::optional<double> other_percent;
    std::optional<double> difference_points;  // percent - other_percent
    std::optional<double> p_value;
    std::optional<double> p_value_adjusted;
};

struct StageComparison {
    Comparand comparand;
    // Of the other side. Shared with the reports that are kept.
    std::shared_ptr<const StageReport> other;
    std::vector<ComparedStep> steps;
    std::optional<std::size_t> worst;  // the step that loses most against the other side
    bool worst_is_clear = false;       // and not by chance
};

// The report with its comparison. `other`: of the comparand's parameters.
StageReport compareStages(const StageReport& report, const Comparand& comparand,
                          std::shared_ptr<const StageReport> other);

// What the comparison comes to, in one sentence. REQUIRES: the report has one.
std::string headlineOf(const StageReport& report, TextStyle style);

}  // namespace footfall
