#include "report/trend_report.h"

#include <map>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include "report/statistics.h"

namespace footfall {
namespace {

constexpr std::int64_t kBucketsMax = 4'000;  // days: over ten years

// The days or weeks of a time zone; each is known by its first day.
class Calendar {
  public:
    Calendar(TrendStep step, const TimeZone& zone) : step_(step), zone_(zone) {}

    absl::CivilDay bucketOf(UtcTime time) const {
        const absl::CivilDay day(
            absl::ToCivilDay(absl::FromUnixMicros(microsSinceEpoch(time)), zone_.zone()));
        return step_ == TrendStep::kDay ? day : absl::PrevWeekday(day + 1, absl::Weekday::monday);
    }
    absl::CivilDay next(absl::CivilDay bucket) const { return bucket + days(); }
    UtcTime beginOf(absl::CivilDay bucket) const {
        return utcFromMicros(absl::ToUnixMicros(absl::FromCivil(bucket, zone_.zone())));
    }
    std::int64_t countFrom(absl::CivilDay first, absl::CivilDay last) const {
        return (last - first) / days() + 1;
    }

  private:
    int days() const { return step_ == TrendStep::kDay ? 1 : 7; }

    const TrendStep step_;
    const TimeZone& zone_;
};

Conversion conversionOf(std::int64_t buyers, std::int64_t users) {
    if (users == 0) return {};
    const Interval interval = wilsonInterval({.hits = buyers, .count = users});
    return {.percent = percentOf(buyers, users),
            .low_percent = 100.0 * interval.low,
            .high_percent = 100.0 * interval.high};
}

bool isComplete(const TrendBucket& bucket, const ReportParameters& asked, UtcTime now) {
    return bucket.from >= asked.from.value_or(bucket.from) &&
           bucket.to <= asked.to.value_or(bucket.to) && bucket.to <= now;
}

TrendBucket bucketOf(absl::CivilDay day, const TrendCount& count, const Calendar& calendar) {
    return {.start = fmt::format("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            .from = calendar.beginOf(day),
            .to = calendar.beginOf(calendar.next(day)),
            .complete = false,
            .users = count.users,
            .buyers = count.buyers,
            .conversion = conversionOf(count.buyers, count.users),
            .buyers_in_order = count.buyers_in_order,
            .conversion_in_order = conversionOf(count.buyers_in_order, count.users),
            .users_inside_window = count.users_inside_window};
}

void add(TrendCount& sum, const TrendCount& count) {
    sum.users += count.users;
    sum.buyers += count.buyers;
    sum.buyers_in_order += count.buyers_in_order;
    sum.users_inside_window += count.users_inside_window;
}

}  // namespace

Result<TrendReport> trendReportOf(const TrendCounts& counts, const ReportParameters& parameters,
                                  const ReportSettings& settings) {
    TrendReport report{
        .parameters = parameters, .zone = settings.zone, .generated_at = settings.now};
    const Calendar calendar(parameters.by, settings.zone);
    std::map<absl::CivilDay, TrendCount> sums;
    for (const TrendCount& count : counts) {
        add(sums[calendar.bucketOf(count.from)], count);
        report.total_users += count.users;
    }
    // A period without an end goes as far as there are users.
    if (sums.empty() && !(parameters.from && parameters.to)) return report;
    const absl::CivilDay first =
        parameters.from ? calendar.bucketOf(*parameters.from) : sums.begin()->first;
    const absl::CivilDay last =
        parameters.to ? calendar.bucketOf(*parameters.to - Micros(1)) : sums.rbegin()->first;
    if (calendar.countFrom(first, last) > kBucketsMax)
        return fail(Code::kInvalidArgument,
                    fmt::format("by: the period has more than {} of these; shorten it with from "
                                "and to, or take by=week",
                                kBucketsMax));
    for (absl::CivilDay day = first; day <= last; day = calendar.next(day)) {
        TrendBucket bucket = bucketOf(day, sums[day], calendar);
        bucket.complete = isComplete(bucket, parameters, settings.now);
        report.buckets.push_back(std::move(bucket));
    }
    return report;
}

Result<Counted<TrendCounts>> countForTrend(Database& database, const Journey& journey,
                                           const ReportParameters& parameters,
                                           const ReportSettings& settings) {
    Result<TrendCounts> counts = countTrend(database, questionOf(journey, parameters, settings));
    if (!counts) return std::unexpected(counts.error());
    return Counted<TrendCounts>{.at = settings.now, .counts = std::move(*counts), .notes = {}};
}

Result<TrendReport> trendReportOf(const Counted<TrendCounts>& counted, const Journey& journey,
                                  const ReportParameters& parameters,
                                  const ReportSettings& settings) {
    ReportSettings then = settings;
    then.now = counted.at;
    Result<TrendReport> report = trendReportOf(counted.counts, parameters, then);
    if (report) report->parameters.journey = journey.name;
    return report;
}

Result<TrendReport> computeTrendReport(Database& database, const Journey& journey,
                                       const ReportParameters& parameters,
                                       const ReportSettings& settings) {
    const auto counted = countForTrend(database, journey, parameters, settings);
    if (!counted) return std::unexpected(counted.error());
    return trendReportOf(*counted, journey, parameters, settings);
}

}  // namespace footfall
