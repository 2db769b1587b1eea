#include "report/city_report.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

const Journey kJourney{.name = "shop",
                       .stages = {{.name = "view", .optional = false, .event_types = {}},
                                  {.name = "cart", .optional = false, .event_types = {}},
                                  {.name = "buy", .optional = false, .event_types = {}}}};

CityCount city(const std::string& name, std::int64_t users, std::int64_t carts,
               std::int64_t buyers) {
    return {.city = name,
            .users = users,
            .stage_users = {users, carts, buyers},
            .users_in_order = {users, carts, buyers},
            .buyers = buyers,
            .orders = buyers,
            .revenue = {{"INR", {.ten_thousandths = Int128{buyers} * 10'000}}}};
}

CityReport reportOf(const std::vector<CityCount>& cities, const ReportParameters& asked = {}) {
    return cityReportOf(cities, kJourney, asked, "INR");
}

std::vector<std::string> namesOf(const CityReport& report) {
    std::vector<std::string> names;
    for (const CityRow& row : report.cities) names.push_back(row.city);
    return names;
}

TEST(CityReport, judgesEachCityAgainstTheOthers) {
    const CityReport report =
        reportOf({city("Plain", 20'000, 8'000, 2'000), city("Strong", 2'000, 900, 320),
                  city("Weak", 2'000, 500, 100), city("Tiny", 40, 15, 4)});

    EXPECT_EQ(report.cities[0].verdict, Verdict::kNoClearDifference);
    EXPECT_EQ(report.cities[1].verdict, Verdict::kBetter);
    EXPECT_EQ(report.cities[2].verdict, Verdict::kWorse);
    EXPECT_EQ(report.cities[3].verdict, Verdict::kTooEarlyToSay);
    EXPECT_FALSE(report.cities[2].users_needed);
    EXPECT_EQ(report.cities[3].users_needed, 1'750);
}

TEST(CityReport, findsTheStepAtWhichACityLosesMost) {
    const CityReport report =
        reportOf({city("Here", 1'000, 300, 100), city("There", 1'000, 500, 200)});

    const auto& step = report.cities[0].weakest_step;
    ASSERT_TRUE(step);
    EXPECT_EQ(step->from, "view");
    EXPECT_EQ(step->to, "cart");
    EXPECT_DOUBLE_EQ(step->percent, 30);
    EXPECT_DOUBLE_EQ(step->elsewhere_percent, 50);
    EXPECT_DOUBLE_EQ(step->missing_buyers, 200.0 / 3);
    EXPECT_FALSE(report.cities[1].weakest_step) << "loses less than elsewhere at every step";
}

TEST(CityReport, testsNeitherSmallCitiesNorTheUnknownNorAnOnlyOne) {
    const CityReport report =
        reportOf({city("Small", 29, 9, 3), city("Enough", 30, 9, 3), city("unknown", 500, 90, 30)});

    EXPECT_FALSE(report.cities[1].p_value);
    EXPECT_TRUE(report.cities[0].p_value);
    EXPECT_FALSE(report.cities[2].p_value);
    EXPECT_FALSE(report.cities[2].verdict);
    EXPECT_FALSE(reportOf({city("Only", 500, 90, 30)}).cities[0].p_value);
}

TEST(CityReport, sortsAsAskedWithTheUnknownLast) {
    CityCount rich = city("Rich", 50, 20, 5);
    rich.revenue["INR"] = {.ten_thousandths = 99'000'000};
    const std::vector<CityCount> cities = {city("unknown", 900, 90, 30), rich,
                                           city("Big", 500, 90, 30), city("Also", 50, 20, 5)};

    EXPECT_EQ(namesOf(reportOf(cities)),
              std::vector<std::string>({"Big", "Also", "Rich", "unknown"}));
    EXPECT_EQ(namesOf(reportOf(cities, {.sort = CitySort::kRevenue})),
              std::vector<std::string>({"Rich", "Big", "Also", "unknown"}));
    EXPECT_EQ(namesOf(reportOf(cities, {.sort = CitySort::kRevenuePerUser})),
              std::vector<std::string>({"Rich", "Also", "Big", "unknown"}));
    EXPECT_EQ(reportOf(cities).cities[2].rank, 3);
    EXPECT_EQ(reportOf(cities).cities[3].rank, std::nullopt);
}

TEST(CityReport, keepsCurrenciesApart) {
    CityCount abroad = city("Abroad", 10, 5, 2);
    abroad.revenue = {{"USD", {.ten_thousandths = 50'001}}};
    const CityReport report = reportOf({city("Home", 10, 5, 3), abroad});

    const Money& home = report.cities[1].figures.revenue;
    EXPECT_EQ(home, (Money{{"INR", {.ten_thousandths = 30'000}}, {"USD", {}}}));
    EXPECT_EQ(toString(report.cities[0].figures.average_order_value->at("USD")), "2.5001");
}

TEST(CityReport, hasNoFiguresWhereThereIsNobody) {
    const CityReport report = reportOf({});

    EXPECT_EQ(report.overall.users, 0);
    EXPECT_FALSE(report.overall.conversion_percent);
    EXPECT_FALSE(report.overall.conversion_low_percent);
    EXPECT_FALSE(report.overall.revenue_per_user);
    EXPECT_EQ(report.overall.revenue, (Money{{"INR", {}}}));
}

}  // namespace
}  // namespace footfall
