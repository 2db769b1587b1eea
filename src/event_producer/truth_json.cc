#include <algorithm>
#include <cmath>
#include <optional>
#include <ranges>

#include <nlohmann/json.hpp>

#include "event_producer/truth.h"

namespace footfall {
namespace {

using Json = nlohmann::json;

Json percent(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return nullptr;
    return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

// The order statistic at `share`, linear between its two neighbours.
Json quantile(const std::vector<std::uint32_t>& sorted, double share) {
    if (sorted.empty()) return nullptr;
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    const double low = sorted[below];
    const double high = sorted[above];
    return low + (high - low) * (place - std::floor(place));
}

Json stageJson(const Truth& truth, std::size_t stage) {
    const StageTruth& counts = truth.stages[stage];
    const std::uint64_t before =
        stage == 0 ? truth.total_users : truth.stages[requiredStageBefore(stage)].users_in_order;
    std::vector<std::uint32_t> seconds = counts.seconds_from_previous;
    std::ranges::sort(seconds);
    Json json = {
        {"stage", actName(kActs[stage])},
        {"optional", isOptional(stage)},
        {"users", counts.users},
        {"percent_of_users", percent(counts.users, truth.total_users)},
        {"furthest_users", counts.furthest_users},
        {"furthest_percent", percent(counts.furthest_users, truth.total_users)},
        {"users_in_order", counts.users_in_order},
        {"percent_in_order", percent(counts.users_in_order, truth.total_users)},
        {"step_conversion_percent", percent(counts.users_in_order, before)},
        {"drop_off_percent", nullptr},
        {"median_seconds_from_previous", quantile(seconds, 0.5)},
        {"p90_seconds_from_previous", quantile(seconds, 0.9)},
    };
    if (!isOptional(stage) && before > 0)
        json["drop_off_percent"] = 100.0 - json["step_conversion_percent"].get<double>();
    return json;
}

Json stagesJson(const Truth& truth) {
    Json stages = Json::array();
    for (std::size_t stage = 0; stage < kStageCount; ++stage)
        stages.push_back(stageJson(truth, stage));
    return {{"total_users", truth.total_users},
            {"total_events", truth.total_events},
            {"stages", std::move(stages)}};
}

Json cityJson(const CityTruth& city) {
    const std::uint64_t buyers = city.stage_users.back();
    Json json = {
        {"users", city.users},
        {"buyers", buyers},
        {"conversion_percent", percent(buyers, city.users)},
        {"orders", city.orders},
        {"revenue", toString(city.revenue)},
        {"average_order_value", nullptr},
        {"revenue_per_user", nullptr},
    };
    if (city.orders > 0) json["average_order_value"] = toString(divide(city.revenue, city.orders));
    if (city.users > 0) json["revenue_per_user"] = toString(divide(city.revenue, city.users));
    return json;
}

Json cityRowJson(const Truth& truth, const CityTruth& city, const std::string& name, Json rank) {
    Json json = cityJson(city);
    json["rank"] = std::move(rank);
    json["city"] = name;
    json["share_of_users_percent"] = percent(city.users, truth.total_users);
    for (std::size_t stage = 0; stage < kStageCount; ++stage)
        json["stage_percent"][std::string(actName(kActs[stage]))] =
            percent(city.stage_users[stage], city.users);
    return json;
}

// Most users first, then by name; unknown last and without a rank.
Json citiesJson(const Truth& truth, const BehaviourModel& model) {
    std::vector<std::size_t> order;
    for (std::size_t city = 0; city < model.cities.size(); ++city)
        if (truth.cities[city].users > 0) order.push_back(city);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        const std::uint64_t users_a = truth.cities[a].users;
        const std::uint64_t users_b = truth.cities[b].users;
        return users_a != users_b ? users_a > users_b : model.cities[a].name < model.cities[b].name;
    });
    Json rows = Json::array();
    for (const std::size_t city : order)
        rows.push_back(
            cityRowJson(truth, truth.cities[city], model.cities[city].name, rows.size() + 1));
    if (truth.cities.back().users > 0)
        rows.push_back(cityRowJson(truth, truth.cities.back(), "unknown", nullptr));

    CityTruth overall;
    for (const CityTruth& city : truth.cities) overall += city;
    return {{"total_users", truth.total_users},
            {"overall", cityJson(overall)},
            {"cities", std::move(rows)}};
}

Json differingCitiesJson(const BehaviourModel& model) {
    Json all = Json::array();
    for (const ModelCity& city : model.cities)
        if (city.factor != 1.0)
            all.push_back({{"city", city.name},
                           {"direction", city.factor > 1.0 ? "better" : "worse"},
                           {"factor", city.factor}});
    return all;
}

}  // namespace

std::string truthJson(const Truth& truth, const BehaviourModel& model) {
    const Json json = {{"stages", stagesJson(truth)},
                       {"cities", citiesJson(truth, model)},
                       {"differing_cities", differingCitiesJson(model)}};
    return json.dump(2) + "\n";
}

}  // namespace footfall
