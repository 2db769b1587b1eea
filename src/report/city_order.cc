#include "report/city_order.h"

#include <algorithm>
#include <tuple>

namespace footfall {
namespace {

Decimal amountIn(const std::optional<Money>& money, const std::string& currency) {
    if (!money) return {};
    const auto found = money->find(currency);
    return found == money->end() ? Decimal() : found->second;
}

// Whether `a` is before `b` by what is asked for; neither when they are equal in it.
std::partial_ordering compare(const CityFigures& a, const CityFigures& b, CitySort sort,
                              const std::string& currency) {
    switch (sort) {
        case CitySort::kRevenue:
            return amountIn(b.revenue, currency) <=> amountIn(a.revenue, currency);
        case CitySort::kRevenuePerUser:
            return amountIn(b.revenue_per_user, currency) <=>
                   amountIn(a.revenue_per_user, currency);
        case CitySort::kConversion:
            return b.conversion_low_percent.value_or(0) <=> a.conversion_low_percent.value_or(0);
        case CitySort::kUsers:
            break;
    }
    return b.users <=> a.users;
}

}  // namespace

void rankCities(CityReport& report, const std::string& currency) {
    // One currency is compared whatever it is.
    const Money& all = report.overall.revenue;
    const std::string& compared = all.size() == 1 ? all.begin()->first : currency;
    std::ranges::sort(report.cities, [&](const CityRow& a, const CityRow& b) {
        const bool a_unknown = a.city == kUnknownCity;
        const bool b_unknown = b.city == kUnknownCity;
        if (a_unknown != b_unknown) return b_unknown;
        const auto order = compare(a.figures, b.figures, report.parameters.sort, compared);
        return order != 0 ? order < 0 : a.city < b.city;
    });
    std::int64_t rank = 0;
    for (CityRow& row : report.cities)
        if (row.city != kUnknownCity) row.rank = ++rank;
}

}  // namespace footfall
