#include "report/city_comparison.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/city_report.h"
#include "report/period_text.h"
#include "report/statistics.h"
#include "report/terminal_parts.h"

namespace footfall {
namespace {

ComparedFigures comparedTo(const CityFigures& there, const CityFigures& here) {
    ComparedFigures compared{.figures = there};
    if (here.conversion_percent && there.conversion_percent)
        compared.difference_points = *here.conversion_percent - *there.conversion_percent;
    if (here.users >= kTestedUsersMin && there.users >= kTestedUsersMin)
        compared.p_value = equalProportionsPValue({.hits = here.buyers, .count = here.users},
                                                  {.hits = there.buyers, .count = there.users});
    return compared;
}

void compareRows(CityReport& report, const CityReport& other) {
    std::map<std::string_view, const CityRow*> rows;
    for (const CityRow& row : other.cities) rows[row.city] = &row;
    std::vector<std::optional<double>> p_values;
    for (CityRow& row : report.cities) {
        const auto found = rows.find(row.city);
        if (found != rows.end()) row.compared = comparedTo(found->second->figures, row.figures);
        if (row.compared && !row.rank) row.compared->p_value.reset();
        p_values.push_back(row.compared ? row.compared->p_value : std::nullopt);
    }
    const auto adjusted = adjustPValues(p_values);
    for (std::size_t i = 0; i < report.cities.size(); ++i)
        if (auto& compared = report.cities[i].compared) compared->p_value_adjusted = adjusted[i];
}

// The clear ones before the others, then by the difference, then in the report's order.
std::optional<CityComparison::Worst> worstOf(const CityReport& report) {
    const CityRow* worst = nullptr;
    for (const CityRow& row : report.cities) {
        if (!row.rank || !row.compared || row.compared->difference_points.value_or(0) >= 0)
            continue;
        const bool clear = row.compared->isClear();
        if (worst != nullptr && worst->compared->isClear() && !clear) continue;
        if (worst != nullptr && worst->compared->isClear() == clear &&
            *worst->compared->difference_points <= *row.compared->difference_points)
            continue;
        worst = &row;
    }
    if (worst == nullptr) return std::nullopt;
    return CityComparison::Worst{.city = worst->city,
                                 .percent = *worst->figures.conversion_percent,
                                 .other_percent = *worst->compared->figures.conversion_percent,
                                 .is_clear = worst->compared->isClear()};
}

}  // namespace

bool ComparedFigures::isClear() const {
    return p_value_adjusted && *p_value_adjusted < kSignificance;
}

CityReport compareCities(const CityReport& report, const Comparand& comparand,
                         const CityReport& other) {
    CityReport compared = report;
    compareRows(compared, other);
    compared.comparison = CityComparison{.comparand = comparand,
                                         .overall = comparedTo(other.overall, report.overall),
                                         .worst = worstOf(compared)};
    return compared;
}

std::string headlineOf(const CityReport& report, TextStyle style) {
    const CityComparison& comparison = *report.comparison;
    const CityFigures& here = report.overall;
    const CityFigures& there = comparison.overall.figures;
    const std::string label =
        comparandText(report.parameters, comparison.comparand, report.zone, style);
    if (here.users == 0) return fmt::format("Nobody is here to compare with {}.", label);
    if (there.users == 0)
        return fmt::format("There is nothing to compare with: {} has no users.", label);
    const std::string all =
        fmt::format("{} of 100 users bought, against {} ({})", numberText(here.conversion_percent),
                    numberText(there.conversion_percent), label);
    if (!comparison.worst) return all + "; no city did worse.";
    const CityComparison::Worst& worst = *comparison.worst;
    const std::string city = fmt::format("{}, {} against {}", worst.city, numberText(worst.percent),
                                         numberText(worst.other_percent));
    return worst.is_clear
               ? fmt::format("{}; the city that is worst against it is {}.", all, city)
               : fmt::format(
                     "{}; no city is clearly worse, the largest difference may be chance: {}.", all,
                     city);
}

}  // namespace footfall
