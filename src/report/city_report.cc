#include "report/city_report.h"

#include <algorithm>
#include <array>

#include "report/city_order.h"
#include "report/statistics.h"

namespace footfall {
namespace {

constexpr std::int64_t kTestedUsersMin = 30;
constexpr double kSignificance = 0.05;

std::optional<Money> dividedBy(const Money& money, std::int64_t count) {
    if (count == 0) return std::nullopt;
    Money quotients;
    for (const auto& [currency, amount] : money)
        quotients[currency] = divide(amount, static_cast<std::uint64_t>(count));
    return quotients;
}

// In all the currencies of the report, so that every row has the same ones.
Money revenueIn(const Money& currencies, const Money& revenue) {
    Money filled = revenue;
    for (const auto& entry : currencies) filled.try_emplace(entry.first);
    return filled;
}

CityFigures figuresOf(const CityCount& count, const Money& currencies) {
    CityFigures figures{.users = count.users,
                        .buyers = count.buyers,
                        .conversion_percent = percentOf(count.buyers, count.users),
                        .conversion_low_percent = std::nullopt,
                        .conversion_high_percent = std::nullopt,
                        .orders = count.orders,
                        .revenue = revenueIn(currencies, count.revenue),
                        .average_order_value = std::nullopt,
                        .revenue_per_user = std::nullopt};
    if (count.users > 0) {
        const Interval interval = wilsonInterval({.hits = count.buyers, .count = count.users});
        figures.conversion_low_percent = 100.0 * interval.low;
        figures.conversion_high_percent = 100.0 * interval.high;
    }
    figures.average_order_value = dividedBy(figures.revenue, count.orders);
    figures.revenue_per_user = dividedBy(figures.revenue, count.users);
    return figures;
}

std::vector<std::optional<double>> stagePercent(const CityCount& count) {
    std::vector<std::optional<double>> percent;
    for (const std::int64_t users : count.stage_users)
        percent.push_back(percentOf(users, count.users));
    return percent;
}

std::vector<std::size_t> requiredStages(const Journey& journey) {
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < journey.stages.size(); ++i)
        if (!journey.stages[i].optional) indexes.push_back(i);
    return indexes;
}

// Users who would have bought, had the city's users gone on as often as those elsewhere.
double missingBuyers(double before, double after, double last, double elsewhere_rate) {
    return after == 0 ? 0.0 : (before * elsewhere_rate - after) * (last / after);
}

std::optional<WeakestStep> weakestStep(const CityCount& city, const CityCount& all,
                                       const Journey& journey) {
    const std::vector<std::size_t> required = requiredStages(journey);
    std::optional<WeakestStep> weakest;
    for (std::size_t i = 1; i < required.size(); ++i) {
        const std::size_t from = required[i - 1];
        const std::size_t to = required[i];
        const std::int64_t before = city.users_in_order[from];
        const std::int64_t after = city.users_in_order[to];
        const std::int64_t before_elsewhere = all.users_in_order[from] - before;
        const std::int64_t after_elsewhere = all.users_in_order[to] - after;
        const auto percent = percentOf(after, before);
        const auto elsewhere = percentOf(after_elsewhere, before_elsewhere);
        if (!percent || !elsewhere || *percent >= *elsewhere) continue;
        if (weakest && *percent - *elsewhere >= weakest->percent - weakest->elsewhere_percent)
            continue;
        const double rate =
            static_cast<double>(after_elsewhere) / static_cast<double>(before_elsewhere);
        weakest = {.from = journey.stages[from].name,
                   .to = journey.stages[to].name,
                   .percent = *percent,
                   .elsewhere_percent = *elsewhere,
                   .missing_buyers = missingBuyers(
                       static_cast<double>(before), static_cast<double>(after),
                       static_cast<double>(city.users_in_order[required.back()]), rate)};
    }
    return weakest;
}

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
    for (std::size_t i = 0; i < report.cities.size(); ++i) {
        CityRow& row = report.cities[i];
        if (row.city == kUnknownCity) continue;
        row.p_value_adjusted = adjusted[i];
        row.verdict = verdictOf(row, overall, margin);
        if (row.verdict == Verdict::kTooEarlyToSay)
            row.users_needed = usersNeeded(
                static_cast<double>(overall.buyers) / static_cast<double>(overall.users), margin);
    }
}

}  // namespace

std::string_view verdictName(Verdict verdict) {
    static constexpr std::array<std::string_view, 4> kNames = {
        "better", "worse", "no_clear_difference", "too_early_to_say"};
    return kNames[static_cast<std::size_t>(verdict)];
}

CityReport cityReportOf(const std::vector<CityCount>& counts, const Journey& journey,
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
                                 .stage_percent = stagePercent(city),
                                 .weakest_step = weakestStep(city, all, journey),
                                 .p_value = pValueOf(city, all),
                                 .p_value_adjusted = std::nullopt,
                                 .verdict = std::nullopt,
                                 .users_needed = std::nullopt});
    rankCities(report, currency);
    judge(report);
    return report;
}

Result<CityReport> computeCityReport(Database& database, const Journey& journey,
                                     const ReportParameters& parameters,
                                     const ReportSettings& settings) {
    const ReportQuestion question{.journey = journey,
                                  .parameters = parameters,
                                  .currency = settings.currency,
                                  .now = settings.now};
    const Result<std::vector<CityCount>> counts = countCities(database, question);
    if (!counts) return std::unexpected(counts.error());
    CityCount all = sumOf(*counts);
    all.stage_users.resize(journey.stages.size());
    Result<std::vector<std::string>> notes = reportNotes(database, question, all.stage_users);
    if (!notes) return std::unexpected(notes.error());

    CityReport report = cityReportOf(*counts, journey, parameters, settings.currency);
    report.parameters.journey = journey.name;
    report.zone = settings.zone;
    report.generated_at = settings.now;
    report.notes = std::move(*notes);
    return report;
}

}  // namespace footfall
