#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"
#include "event/journey.h"
#include "report/city_comparison.h"
#include "report/city_counts.h"
#include "report/city_figures.h"
#include "report/city_steps.h"
#include "report/counted.h"
#include "report/report_parameters.h"
#include "report/statistics.h"
#include "report/verdict.h"

// Which cities do well. docs/reports.md says what every number means.
namespace footfall {

// A smaller city is not tested.
constexpr std::int64_t kTestedUsersMin = 30;

struct CityRow {
    std::string city;
    std::optional<std::int64_t> rank;  // nullopt: `unknown`
    CityFigures figures;
    std::optional<double> share_of_users_percent;
    std::vector<std::int64_t> stage_users;             // in any order; one a stage of the journey
    std::vector<std::optional<double>> stage_percent;  // of the city's users
    std::optional<WeakestStep> weakest_step;
    std::optional<double> p_value;
    std::optional<double> p_value_adjusted;
    std::optional<Verdict> verdict;  // nullopt: `unknown`
    std::optional<std::int64_t> users_needed;
    std::optional<double> conversion_shrunken_percent;  // nullopt: `unknown`
    std::optional<Gap> gap;                             // nullopt: there are no other users
    std::optional<ComparedFigures> compared;            // nullopt: not there, or not compared
};

// Cities that have no row, as one.
struct OtherCities {
    std::int64_t cities = 0;
    CityFigures figures;
    std::optional<double> share_of_users_percent;
    std::vector<std::int64_t> stage_users;
    std::vector<std::optional<double>> stage_percent;
};

struct CityReport {
    ReportParameters parameters;
    TimeZone zone = TimeZone::utc();
    UtcTime generated_at{};
    std::vector<std::string> notes;
    std::vector<Stage> stages;  // of the journey, in its order
    CityFigures overall;
    std::vector<std::int64_t> overall_stage_users;
    std::optional<Shrinkage> shrinkage;                         // nullopt: there is no city
    std::int64_t total_cities = 0;                              // without `unknown`
    std::int64_t matching_cities = 0;                           // of them those that are looked for
    std::array<std::int64_t, kVerdictNames.size()> verdicts{};  // how many cities have each
    std::optional<std::int64_t> users_needed;  // of a city to be judged; nullopt: no number will do
    std::vector<CityRow> cities;
    std::optional<OtherCities> others;  // nullopt: every city has a row
    std::optional<CityComparison> comparison;
};

// Everything from the counts of any engine. Notes are left empty.
CityReport cityReportOf(const CityCounts& counts, const Journey& journey,
                        const ReportParameters& parameters, const std::string& currency);

// What the report is made of, which may be another one's too: see countedFor().
// Errors: those of Database::query.
[[nodiscard]] Result<Counted<CityCounts>> countForCities(Database& database, const Journey& journey,
                                                         const ReportParameters& parameters,
                                                         const ReportSettings& settings);
CityReport cityReportOf(const Counted<CityCounts>& counted, const Journey& journey,
                        const ReportParameters& parameters, const ReportSettings& settings);

// Both of them.
[[nodiscard]] Result<CityReport> computeCityReport(Database& database, const Journey& journey,
                                                   const ReportParameters& parameters,
                                                   const ReportSettings& settings);

}  // namespace footfall
