#include "report/city_page.h"

#include <algorithm>

#include "event/unicode.h"

namespace footfall {
namespace {

void add(CityCount& sum, const CityRow& row) {
    sum.users += row.figures.users;
    sum.buyers += row.figures.buyers;
    sum.orders += row.figures.orders;
    sum.stage_users.resize(row.stage_users.size());
    for (std::size_t i = 0; i < row.stage_users.size(); ++i)
        sum.stage_users[i] += row.stage_users[i];
    for (const auto& [currency, amount] : row.figures.revenue) sum.revenue[currency] += amount;
}

OtherCities othersOf(const CityCount& sum, std::int64_t cities, const CityReport& report) {
    return {.cities = cities,
            .figures = figuresOf(sum, report.overall.revenue),
            .share_of_users_percent = percentOf(sum.users, report.overall.users),
            .stage_users = sum.stage_users,
            .stage_percent = stagePercentOf(sum)};
}

// All of a report but its rows.
CityReport frameOf(const CityReport& report) {
    return {.parameters = report.parameters,
            .zone = report.zone,
            .generated_at = report.generated_at,
            .notes = report.notes,
            .stages = report.stages,
            .overall = report.overall,
            .overall_stage_users = report.overall_stage_users,
            .shrinkage = report.shrinkage,
            .total_cities = report.total_cities,
            .verdicts = report.verdicts,
            .users_needed = report.users_needed,
            .comparison = report.comparison};
}

}  // namespace

CityReport pageOf(const CityReport& report, const CityPage& page) {
    CityReport shown = frameOf(report);
    const std::string wanted = caselessKey(page.search);
    const auto isLookedFor = [&](const CityRow& row) {
        const bool is_judged_so =
            page.verdicts.empty() ||
            std::ranges::find(page.verdicts, row.verdict) != page.verdicts.end();
        const bool is_named_so =
            (page.name.empty() || row.city == page.name) &&
            (wanted.empty() || caselessKey(row.city).find(wanted) != wanted.npos);
        return row.rank && is_judged_so && is_named_so;
    };
    CityCount sum;
    std::int64_t others = 0;
    std::size_t place = 0;  // among those that match
    for (const CityRow& row : report.cities) {
        const bool matches = isLookedFor(row);
        const bool on_page =
            matches && place >= page.offset && (!page.top || place - page.offset < *page.top);
        place += matches ? 1 : 0;
        if (on_page || !row.rank) {
            shown.cities.push_back(row);
            continue;
        }
        add(sum, row);
        ++others;
    }
    shown.matching_cities = static_cast<std::int64_t>(place);
    if (others > 0) shown.others = othersOf(sum, others, report);
    return shown;
}

}  // namespace footfall
