#include "report/stage_comparison.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "report/period_text.h"
#include "report/stage_report.h"
#include "report/statistics.h"
#include "report/terminal_parts.h"

namespace footfall {
namespace {

// Everybody else: what is counted once for each person can be taken away; times cannot.
StageReport othersOf(const StageReport& all, const StageReport& group) {
    StageCounts counts{.total_users = all.total_users - group.total_users,
                       .total_events = all.total_events - group.total_events,
                       .users_inside_window = all.users_inside_window - group.users_inside_window,
                       .stages = {}};
    Journey journey;
    for (std::size_t i = 0; i < all.stages.size(); ++i) {
        const StageRow& of_all = all.stages[i];
        const StageRow& of_group = group.stages[i];
        journey.stages.push_back(
            {.name = of_all.stage, .optional = of_all.optional, .event_types = {}});
        counts.stages.push_back({.users = of_all.users - of_group.users,
                                 .furthest_users = of_all.furthest_users - of_group.furthest_users,
                                 .users_in_order = of_all.users_in_order - of_group.users_in_order,
                                 .median = std::nullopt,
                                 .p90 = std::nullopt});
    }
    StageReport others = stageReportOf(counts, journey);
    others.parameters = all.parameters;
    return others;
}

ComparedStep stepOf(const StageReport& here, const StageReport& there, std::size_t from,
                    std::size_t to) {
    const auto proportion = [&](const StageReport& report) {
        return Proportion{.hits = report.stages[to].users_in_order,
                          .count = report.stages[from].users_in_order};
    };
    const Proportion a = proportion(here);
    const Proportion b = proportion(there);
    ComparedStep step{.from = here.stages[from].stage,
                      .to = here.stages[to].stage,
                      .percent = percentOf(a.hits, a.count),
                      .other_percent = percentOf(b.hits, b.count)};
    if (step.percent && step.other_percent) {
        step.difference_points = *step.percent - *step.other_percent;
        step.p_value = equalProportionsPValue(a, b);
    }
    return step;
}

std::vector<ComparedStep> stepsOf(const StageReport& here, const StageReport& there) {
    std::vector<ComparedStep> steps;
    std::optional<std::size_t> previous;
    for (std::size_t i = 0; i < here.stages.size(); ++i) {
        if (here.stages[i].optional) continue;
        if (previous) steps.push_back(stepOf(here, there, *previous, i));
        previous = i;
    }
    std::vector<std::optional<double>> p_values;
    for (const ComparedStep& step : steps) p_values.push_back(step.p_value);
    const auto adjusted = adjustPValues(p_values);
    for (std::size_t i = 0; i < steps.size(); ++i) steps[i].p_value_adjusted = adjusted[i];
    return steps;
}

bool isClear(const ComparedStep& step) {
    return step.p_value_adjusted && *step.p_value_adjusted < kSignificance;
}

// The clear ones before the others, then by the difference.
void findWorst(StageComparison& comparison) {
    for (std::size_t i = 0; i < comparison.steps.size(); ++i) {
        const ComparedStep& step = comparison.steps[i];
        if (!step.difference_points || *step.difference_points >= 0) continue;
        if (comparison.worst) {
            const ComparedStep& worst = comparison.steps[*comparison.worst];
            if (isClear(worst) != isClear(step)
                    ? isClear(worst)
                    : *worst.difference_points <= *step.difference_points)
                continue;
        }
        comparison.worst = i;
        comparison.worst_is_clear = isClear(step);
    }
}

}  // namespace

StageReport compareStages(const StageReport& report, const Comparand& comparand,
                          std::shared_ptr<const StageReport> other) {
    if (comparand.with == ComparedWith::kOthers)
        other = std::make_shared<const StageReport>(othersOf(*other, report));
    StageComparison comparison{.comparand = comparand, .other = std::move(other)};
    comparison.steps = stepsOf(report, *comparison.other);
    findWorst(comparison);
    StageReport compared = report;
    compared.comparison = std::move(comparison);
    return compared;
}

std::string headlineOf(const StageReport& report, TextStyle style) {
    const StageComparison& comparison = *report.comparison;
    const std::string label =
        comparandText(report.parameters, comparison.comparand, report.zone, style);
    if (report.total_users == 0) return fmt::format("Nobody is here to compare with {}.", label);
    if (comparison.other->total_users == 0)
        return fmt::format("There is nothing to compare with: {} has no users.", label);
    if (!comparison.worst) return fmt::format("No step is worse against {}.", label);
    const ComparedStep& step = comparison.steps[*comparison.worst];
    const std::string name = fmt::format("{} {} {}", step.from, signsOf(style).arrow, step.to);
    const std::string numbers =
        fmt::format("{} go on, {} there ({} points fewer)", percentText(step.percent),
                    percentText(step.other_percent), numberText(-*step.difference_points));
    return comparison.worst_is_clear
               ? fmt::format("{} is worst against {}: {}.", name, label, numbers)
               : fmt::format(
                     "No step is clearly worse against {}; the largest difference may be "
                     "chance: {}, {}.",
                     label, name, numbers);
}

}  // namespace footfall
