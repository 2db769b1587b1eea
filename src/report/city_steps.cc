#include "report/city_steps.h"

#include "report/statistics.h"

namespace footfall {
namespace {

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

std::optional<double> partOf(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

// The users of all other cities, as far as a gap asks for them.
CityCount othersOf(const CityCount& city, const CityCount& all) {
    CityCount others{.users = all.users - city.users, .buyers = all.buyers - city.buyers};
    for (std::size_t i = 0; i < city.users_in_order.size(); ++i)
        others.users_in_order.push_back(all.users_in_order[i] - city.users_in_order[i]);
    return others;
}

// Who bought and is not among those who did it in order, as a part of all.
double otherOrder(const CityCount& count) {
    return *partOf(count.buyers - count.users_in_order.back(), count.users);
}

}  // namespace

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

std::optional<Gap> gapOf(const CityCount& city, const CityCount& all, const Journey& journey) {
    const CityCount others = othersOf(city, all);
    if (city.users == 0 || others.users == 0) return std::nullopt;
    Gap gap{.elsewhere_percent = *percentOf(others.buyers, others.users)};
    std::vector<double> here;
    std::vector<double> there;
    std::int64_t before_here = city.users;
    std::int64_t before_there = others.users;
    std::optional<std::string> from;
    for (const std::size_t stage : requiredStages(journey)) {
        const auto rate_here = partOf(city.users_in_order[stage], before_here);
        const auto rate_there = partOf(others.users_in_order[stage], before_there);
        // Where nobody came as far, nothing is lost any more.
        here.push_back(rate_here ? *rate_here : rate_there.value_or(1));
        there.push_back(rate_there ? *rate_there : rate_here.value_or(1));
        before_here = city.users_in_order[stage];
        before_there = others.users_in_order[stage];
        gap.steps.push_back({.from = from, .to = journey.stages[stage].name});
        from = journey.stages[stage].name;
    }
    const std::vector<double> parts = shapleyParts(here, there);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        gap.steps[i].points = parts[i];
        gap.points += parts[i];
    }
    gap.other_order_points = 100.0 * (otherOrder(city) - otherOrder(others));
    gap.points += gap.other_order_points;
    return gap;
}

}  // namespace footfall
