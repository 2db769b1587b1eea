#include "report/city_figures.h"

#include "report/statistics.h"

namespace footfall {
namespace {

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

}  // namespace

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

std::vector<std::optional<double>> stagePercentOf(const CityCount& count) {
    std::vector<std::optional<double>> percent;
    for (const std::int64_t users : count.stage_users)
        percent.push_back(percentOf(users, count.users));
    return percent;
}

}  // namespace footfall
