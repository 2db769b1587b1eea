#include "report/city_report.h"

#include <algorithm>

#include "report/city_order.h"
#include "report/statistics.h"

namespace footfall {
namespace {

// The city against all other users; nullopt where that is not tested.
std::optional<double> pValueOf(const CityCount& city, const CityCount& all) {
    const Proportion others{.hits = all.buyers - city.buyers, .count = all.users - city.users};
    if (city.city == kUnknownCity || city.users < kTestedUsersMin || others.count == 0)
        return std::nullopt;
    return equalProportionsPValue({.hits = city.buyers, .count = city.users}, others);
}

Verdict verdictOf(const CityRow& row, const CityFigures& overall, double margin) {
    if (row.p_value_adjusted && *row.p_value_adjusted < kSignificance)
        // Above all users is above the other users.
        return *row.figures.conversion_percent > *overall.conversion_percent ? Verdict::kBetter
                                                                             : Verdict::kWorse;
    const double low = *overall.conversion_percent * (1 - margin);
    const double high = *overall.conversion_percent * (1 + margin);
    return *row.figures.conversion_low_percent >= low &&
                   *row.figures.conversion_high_percent <= high
               ? Verdict::kNoClearDifference
               : Verdict::kTooEarlyToSay;
}

void judge(CityReport& report) {
    std::vector<std::optional<double>> p_values;
    for (const CityRow& row : report.cities) p_values.push_back(row.p_value);
    const auto adjusted = adjustPValues(p_values);

    const CityFigures& overall = report.overall;
    const double margin = report.parameters.margin;
    if (overall.users > 0)
        report.users_needed = usersNeeded(
            static_cast<double>(overall.buyers) / static_cast<double>(overall.users), margin);
    for (std::size_t i = 0; i < report.cities.size(); ++i) {
        CityRow& row = report.cities[i];
        if (row.city == kUnknownCity) continue;
        row.p_value_adjusted = adjusted[i];
        row.verdict = verdictOf(row, overall, margin);
        ++report.verdicts[static_cast<std::size_t>(*row.verdict)];
        if (row.verdict == Verdict::kTooEarlyToSay) row.users_needed = report.users_needed;
    }
}

// Cities are added up by the bytes of their names, whatever order they are shown in.
void shrink(CityReport& report) {
    std::ranges::sort(report.cities, {}, &CityRow::city);
    std::vector<Proportion> groups;
    for (const CityRow& row : report.cities)
        if (row.city != kUnknownCity)
            groups.push_back({.hits = row.figures.buyers, .count = row.figures.users});
    report.shrinkage = shrinkageOf(groups);
    report.total_cities = static_cast<std::int64_t>(groups.size());
    report.matching_cities = report.total_cities;
    for (CityRow& row : report.cities)
        if (row.city != kUnknownCity)
            row.conversion_shrunken_percent =
                100.0 * shrunken({.hits = row.figures.buyers, .count = row.figures.users},
                                 *report.shrinkage);
}

}  // namespace

CityReport cityReportOf(const CityCounts& counts, const Journey& journey,
                        const ReportParameters& parameters, const std::string& currency) {
    CityCount all = sumOf(counts);
    all.stage_users.resize(journey.stages.size());
    Money currencies = all.revenue;
    if (currencies.empty()) currencies.try_emplace(currency);

    CityReport report{.parameters = parameters, .overall = figuresOf(all, currencies)};
    report.overall_stage_users = all.stage_users;
    report.stages = journey.stages;
    for (const CityCount& city : counts)
        report.cities.push_back({.city = city.city,
                                 .rank = std::nullopt,
                                 .figures = figuresOf(city, currencies),
                                 .share_of_users_percent = percentOf(city.users, all.users),
                                 .stage_users = city.stage_users,
                                 .stage_percent = stagePercentOf(city),
                                 .weakest_step = weakestStep(city, all, journey),
                                 .p_value = pValueOf(city, all),
                                 .p_value_adjusted = std::nullopt,
                                 .verdict = std::nullopt,
                                 .users_needed = std::nullopt,
                                 .conversion_shrunken_percent = std::nullopt,
                                 .gap = gapOf(city, all, journey),
                                 .compared = std::nullopt});
    shrink(report);
    rankCities(report, currency);
    judge(report);
    return report;
}

Result<Counted<CityCounts>> countForCities(Database& database, const Journey& journey,
                                           const ReportParameters& parameters,
                                           const ReportSettings& settings) {
    const ReportQuestion question = questionOf(journey, parameters, settings);
    Result<CityCounts> counts = countCities(database, question);
    if (!counts) return std::unexpected(counts.error());
    CityCount all = sumOf(*counts);
    all.stage_users.resize(journey.stages.size());
    Result<std::vector<std::string>> notes = reportNotes(database, question, all.stage_users);
    if (!notes) return std::unexpected(notes.error());
    return Counted<CityCounts>{
        .at = settings.now, .counts = std::move(*counts), .notes = std::move(*notes)};
}

CityReport cityReportOf(const Counted<CityCounts>& counted, const Journey& journey,
                        const ReportParameters& parameters, const ReportSettings& settings) {
    CityReport report = cityReportOf(counted.counts, journey, parameters, settings.currency);
    report.parameters.journey = journey.name;
    report.zone = settings.zone;
    report.generated_at = counted.at;
    report.notes = counted.notes;
    return report;
}

Result<CityReport> computeCityReport(Database& database, const Journey& journey,
                                     const ReportParameters& parameters,
                                     const ReportSettings& settings) {
    const auto counted = countForCities(database, journey, parameters, settings);
    if (!counted) return std::unexpected(counted.error());
    return cityReportOf(*counted, journey, parameters, settings);
}

}  // namespace footfall
