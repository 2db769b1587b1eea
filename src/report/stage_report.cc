#include "report/stage_report.h"

#include "report/statistics.h"
#include "support/check.h"

namespace footfall {
namespace {

// Between the two neighbours, `tenths` of the way.
std::optional<double> between(const std::optional<SecondsPair>& pair, std::int64_t tenths) {
    if (!pair) return std::nullopt;
    return static_cast<double>(pair->low) +
           static_cast<double>((pair->high - pair->low) * tenths) / 10.0;
}

StageRow rowOf(const StageCount& count, const Stage& stage, std::int64_t total_users) {
    const std::int64_t last = count.users_in_order - 1;
    return {.stage = stage.name,
            .position = 0,
            .optional = stage.optional,
            .users = count.users,
            .percent_of_users = percentOf(count.users, total_users),
            .furthest_users = count.furthest_users,
            .furthest_percent = percentOf(count.furthest_users, total_users),
            .users_in_order = count.users_in_order,
            .percent_in_order = percentOf(count.users_in_order, total_users),
            .step_conversion_percent = std::nullopt,
            .drop_off_percent = std::nullopt,
            .median_seconds_from_previous = between(count.median, 5 * last % 10),
            .p90_seconds_from_previous = between(count.p90, 9 * last % 10)};
}

std::vector<std::int64_t> stageUsers(const StageCounts& counts) {
    std::vector<std::int64_t> users;
    for (const StageCount& stage : counts.stages) users.push_back(stage.users);
    return users;
}

}  // namespace

StageReport stageReportOf(const StageCounts& counts, const Journey& journey) {
    CHECK(counts.stages.size() == journey.stages.size(), "a count for each stage");
    StageReport report{.total_users = counts.total_users,
                       .total_events = counts.total_events,
                       .users_inside_window = counts.users_inside_window};
    std::int64_t users_before = counts.total_users;  // in order, at the required stage before
    for (std::size_t i = 0; i < counts.stages.size(); ++i) {
        StageRow row = rowOf(counts.stages[i], journey.stages[i], counts.total_users);
        row.position = static_cast<std::int64_t>(i) + 1;
        row.step_conversion_percent = percentOf(row.users_in_order, users_before);
        if (!row.optional) {
            if (row.step_conversion_percent)
                row.drop_off_percent = 100.0 - *row.step_conversion_percent;
            users_before = row.users_in_order;
        }
        report.stages.push_back(std::move(row));
    }
    return report;
}

Result<Counted<StageCounts>> countForStages(Database& database, const Journey& journey,
                                            const ReportParameters& parameters,
                                            const ReportSettings& settings) {
    const ReportQuestion question = questionOf(journey, parameters, settings);
    Result<StageCounts> counts = countStages(database, question);
    if (!counts) return std::unexpected(counts.error());
    Result<std::vector<std::string>> notes = reportNotes(database, question, stageUsers(*counts));
    if (!notes) return std::unexpected(notes.error());
    return Counted<StageCounts>{
        .at = settings.now, .counts = std::move(*counts), .notes = std::move(*notes)};
}

StageReport stageReportOf(const Counted<StageCounts>& counted, const Journey& journey,
                          const ReportParameters& parameters, const ReportSettings& settings) {
    StageReport report = stageReportOf(counted.counts, journey);
    report.parameters = parameters;
    report.parameters.journey = journey.name;
    report.zone = settings.zone;
    report.generated_at = counted.at;
    report.notes = counted.notes;
    return report;
}

Result<StageReport> computeStageReport(Database& database, const Journey& journey,
                                       const ReportParameters& parameters,
                                       const ReportSettings& settings) {
    const auto counted = countForStages(database, journey, parameters, settings);
    if (!counted) return std::unexpected(counted.error());
    return stageReportOf(*counted, journey, parameters, settings);
}

}  // namespace footfall
