#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"
#include "event/journey.h"
#include "report/city_counts.h"
#include "report/report_parameters.h"

// Which cities do well. docs/reports.md says what every number means.
namespace footfall {

enum class Verdict { kBetter, kWorse, kNoClearDifference, kTooEarlyToSay };
// "better", "worse", "no_clear_difference", "too_early_to_say".
std::string_view verdictName(Verdict verdict);

// What is said of a city and of all users alike. The amounts of every row of a report are in the
// same currencies: those that occur in it, or the configured one when there is none.
struct CityFigures {
    std::int64_t users = 0;
    std::int64_t buyers = 0;
    std::optional<double> conversion_percent;
    std::optional<double> conversion_low_percent;
    std::optional<double> conversion_high_percent;
    std::int64_t orders = 0;
    Money revenue;
    std::optional<Money> average_order_value;  // nullopt: no orders
    std::optional<Money> revenue_per_user;     // nullopt: no users
};

// The step at which a city loses most, compared with all other users.
struct WeakestStep {
    std::string from;
    std::string to;
    double percent = 0;
    double elsewhere_percent = 0;
    double missing_buyers = 0;
};

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
};

struct CityReport {
    ReportParameters parameters;
    TimeZone zone = TimeZone::utc();
    UtcTime generated_at{};
    std::vector<std::string> notes;
    std::vector<Stage> stages;  // of the journey, in its order
    CityFigures overall;
    std::vector<std::int64_t> overall_stage_users;
    std::vector<CityRow> cities;
};

// Everything from the counts of any engine. Notes are left empty.
CityReport cityReportOf(const std::vector<CityCount>& counts, const Journey& journey,
                        const ReportParameters& parameters, const std::string& currency);

// Counts with sql/duckdb/percentage_of_user_citywise.sql and computes everything else.
// Errors: those of Database::query.
[[nodiscard]] Result<CityReport> computeCityReport(Database& database, const Journey& journey,
                                                   const ReportParameters& parameters,
                                                   const ReportSettings& settings);

}  // namespace footfall
