#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"
#include "event/journey.h"
#include "report/counted.h"
#include "report/report_parameters.h"
#include "report/trend_counts.h"

// How conversion went over days or weeks. docs/reports.md says what every number means.
namespace footfall {

// Conversion with its interval, in percent; nullopt: nobody is there.
struct Conversion {
    std::optional<double> percent;
    std::optional<double> low_percent;
    std::optional<double> high_percent;
};

// A day or week of the time zone: those whose first event in scope lies in it.
struct TrendBucket {
    std::string start;  // its date
    UtcTime from{};
    UtcTime to{};
    bool complete = false;  // lies in the period and is over
    std::int64_t users = 0;
    std::int64_t buyers = 0;
    Conversion conversion;
    std::int64_t buyers_in_order = 0;
    Conversion conversion_in_order;
    std::int64_t users_inside_window = 0;
};

struct TrendReport {
    ReportParameters parameters;
    TimeZone zone = TimeZone::utc();
    UtcTime generated_at{};
    std::int64_t total_users = 0;
    std::vector<TrendBucket> buckets;  // ascending, without a gap
};

// Everything from the counts of any engine. Errors: kInvalidArgument naming `by` for more buckets
// than anybody can look at.
[[nodiscard]] Result<TrendReport> trendReportOf(const TrendCounts& counts,
                                                const ReportParameters& parameters,
                                                const ReportSettings& settings);

// What the report is made of, which may be another one's too: see countedFor().
// Errors: those of Database::query.
[[nodiscard]] Result<Counted<TrendCounts>> countForTrend(Database& database, const Journey& journey,
                                                         const ReportParameters& parameters,
                                                         const ReportSettings& settings);
[[nodiscard]] Result<TrendReport> trendReportOf(const Counted<TrendCounts>& counted,
                                                const Journey& journey,
                                                const ReportParameters& parameters,
                                                const ReportSettings& settings);

// Both of them.
[[nodiscard]] Result<TrendReport> computeTrendReport(Database& database, const Journey& journey,
                                                     const ReportParameters& parameters,
                                                     const ReportSettings& settings);

}  // namespace footfall
