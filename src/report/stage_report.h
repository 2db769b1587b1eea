#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"
#include "event/journey.h"
#include "report/counted.h"
#include "report/report_parameters.h"
#include "report/stage_comparison.h"
#include "report/stage_counts.h"

// Which share of the users reached which stage. docs/reports.md says what every number means.
namespace footfall {

// One stage. nullopt: undefined, null in JSON.
struct StageRow {
    std::string stage;
    std::int64_t position = 0;
    bool optional = false;
    std::int64_t users = 0;
    std::optional<double> percent_of_users;
    std::int64_t furthest_users = 0;
    std::optional<double> furthest_percent;
    std::int64_t users_in_order = 0;
    std::optional<double> percent_in_order;
    std::optional<double> step_conversion_percent;
    std::optional<double> drop_off_percent;
    std::optional<double> median_seconds_from_previous;
    std::optional<double> p90_seconds_from_previous;
};

struct StageReport {
    ReportParameters parameters;
    TimeZone zone = TimeZone::utc();
    UtcTime generated_at{};
    std::int64_t total_users = 0;
    std::int64_t total_events = 0;
    std::int64_t users_inside_window = 0;  // at generated_at
    std::vector<std::string> notes;        // sentences
    std::vector<StageRow> stages;          // in the order of the journey
    std::optional<StageComparison> comparison;
};

// Every ratio from the counts of any engine. Notes are left empty.
StageReport stageReportOf(const StageCounts& counts, const Journey& journey);

// What the report is made of, which may be another one's too: see countedFor().
// Errors: those of Database::query.
[[nodiscard]] Result<Counted<StageCounts>> countForStages(Database& database,
                                                          const Journey& journey,
                                                          const ReportParameters& parameters,
                                                          const ReportSettings& settings);
StageReport stageReportOf(const Counted<StageCounts>& counted, const Journey& journey,
                          const ReportParameters& parameters, const ReportSettings& settings);

// Both of them.
[[nodiscard]] Result<StageReport> computeStageReport(Database& database, const Journey& journey,
                                                     const ReportParameters& parameters,
                                                     const ReportSettings& settings);

}  // namespace footfall
