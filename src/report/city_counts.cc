#include "report/city_counts.h"

#include <nlohmann/json.hpp>

#include "journey_index/journey_index.h"
#include "reportFiles.h"
#include "support/check.h"

namespace footfall {
namespace {

std::vector<std::int64_t> countsByStage(const std::string& json, const Journey& journey) {
    const nlohmann::json by_stage = nlohmann::json::parse(json);
    std::vector<std::int64_t> counts;
    for (const Stage& stage : journey.stages)
        counts.push_back(by_stage.at(stage.name).get<std::int64_t>());
    return counts;
}

// The digits of a DECIMAL with 4 decimals; a sum may be far over the limit of one amount.
Decimal decimalFrom(std::string_view text) {
    Decimal value;
    for (const char c : text)
        if (c >= '0' && c <= '9') value.ten_thousandths = value.ten_thousandths * 10 + (c - '0');
    return value;
}

Money moneyFrom(const std::string& json) {
    Money money;
    const nlohmann::json amounts = nlohmann::json::parse(json);
    for (const auto& [currency, amount] : amounts.items())
        money[currency] = decimalFrom(amount.get_ref<const std::string&>());
    return money;
}

CityCount cityOf(const RowReader& row, const Journey& journey) {
    return {.city = row.text("city"),
            .users = row.integer("users"),
            .stage_users = countsByStage(row.text("stage_users"), journey),
            .users_in_order = countsByStage(row.text("stage_users_in_order"), journey),
            .buyers = row.integer("buyers"),
            .orders = row.integer("orders"),
            .revenue = moneyFrom(row.text("revenue"))};
}

void addEach(std::vector<std::int64_t>& sums, const std::vector<std::int64_t>& counts) {
    sums.resize(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) sums[i] += counts[i];
}

}  // namespace

Result<CityCounts> countCities(Database& database, const ReportQuestion& question) {
    if (const auto to_index = questionToIndex(question))
        if (auto counts = question.index->countCities(*to_index, question.applied))
            return *std::move(counts);
    const Result<QueryResult> result =
        ask(database, question, reportFiles("sql/duckdb/percentage_of_user_citywise.sql"));
    if (!result) return std::unexpected(result.error());

    CityCounts counts;
    for (std::size_t row = 0; row < result->rows.size(); ++row)
        counts.push_back(cityOf(RowReader(*result, row), question.journey));
    return counts;
}

CityCount sumOf(const CityCounts& cities) {
    CityCount sum;
    for (const CityCount& city : cities) {
        sum.users += city.users;
        sum.buyers += city.buyers;
        sum.orders += city.orders;
        addEach(sum.stage_users, city.stage_users);
        addEach(sum.users_in_order, city.users_in_order);
        for (const auto& [currency, amount] : city.revenue) sum.revenue[currency] += amount;
    }
    return sum;
}

}  // namespace footfall
