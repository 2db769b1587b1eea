#include "report/report_parameters.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

using Query = std::vector<QueryPair>;

Result<ReportRequest> parse(const Query& query) {
    return parseReportRequest(query, *TimeZone::named("Asia/Kolkata"));
}

std::string errorOf(const Query& query) {
    const auto request = parse(query);
    return request ? "none" : request.error().what;
}

TEST(ReportParameters, haveTheirDefaults) {
    const auto request = parse({});

    ASSERT_TRUE(request);
    EXPECT_EQ(request->parameters.journey, "storefront");
    EXPECT_EQ(request->parameters.window, Micros(604'800'000'000));
    EXPECT_EQ(request->parameters.margin, 0.2);
    EXPECT_EQ(request->parameters.sort, CitySort::kUsers);
    EXPECT_EQ(request->format, ReportFormat::kJson);
}

TEST(ReportParameters, takeEachName) {
    const auto request = parse({{"journey", "j"},
                                {"from", "2026-03-01"},
                                {"to", "2026-03-29"},
                                {"new_users", "true"},
                                {"city", "Pune"},
                                {"device", "mobile"},
                                {"channel", "ads"},
                                {"window", "unlimited"},
                                {"margin", "0.1"},
                                {"sort", "revenue_per_user"},
                                {"city_verdict", "better,too_early_to_say"},
                                {"format", "table"},
                                {"columns", "120"},
                                {"ascii", "1"},
                                {"all", "true"}});

    ASSERT_TRUE(request) << request.error().what;
    const ReportParameters& asked = request->parameters;
    EXPECT_EQ(asked.journey, "j");
    EXPECT_EQ(formatUtc(*asked.from), "2026-02-28T18:30:00Z");
    EXPECT_EQ(formatUtc(*asked.to), "2026-03-28T18:30:00Z");
    EXPECT_TRUE(asked.new_users);
    EXPECT_EQ(asked.city, "Pune");
    EXPECT_EQ(asked.device, "mobile");
    EXPECT_EQ(asked.channel, "ads");
    EXPECT_EQ(asked.window, std::nullopt);
    EXPECT_EQ(asked.margin, 0.1);
    EXPECT_EQ(asked.sort, CitySort::kRevenuePerUser);
    EXPECT_EQ(request->page.verdicts, (std::vector{Verdict::kBetter, Verdict::kTooEarlyToSay}));
    EXPECT_EQ(request->format, ReportFormat::kTable);
    EXPECT_EQ(request->table.columns, 120U);
    EXPECT_TRUE(request->table.ascii);
    EXPECT_TRUE(request->table.all_cities);
}

TEST(ReportParameters, knowACityInAnySpelling) {
    EXPECT_EQ(parse({{"city", "banglore"}})->parameters.city, "Bengaluru");
}

TEST(ReportParameters, nameTheOneThatIsWrong) {
    for (const auto& [name, value] : Query{{"from", "yesterday"},
                                           {"to", "2026-13-01"},
                                           {"new_users", "yes"},
                                           {"window", "7 days"},
                                           {"margin", "0"},
                                           {"city_verdict", "good"},
                                           {"city_verdict", "better,"},
                                           {"margin", "1"},
                                           {"margin", "nan"},
                                           {"sort", "city"},
                                           {"format", "xml"},
                                           {"columns", "10"},
                                           {"columns", "-80"},
                                           {"ascii", ""},
                                           {"city", ""},
                                           {"device", "\xff"},
                                           {"channel", std::string("a\0b", 3)},
                                           {"colour", "red"},
                                           {"Sort", "conversion"}})
        EXPECT_EQ(errorOf({{name, value}}).substr(0, name.size() + 2), name + ": ") << value;
}

TEST(ReportParameters, nameTheOneThatIsRepeated) {
    EXPECT_EQ(errorOf({{"city", "Pune"}, {"city", "Pune"}}), "city: is given more than once");
}

TEST(ReportParameters, refuseAPeriodThatHoldsNothing) {
    EXPECT_EQ(errorOf({{"from", "2026-03-01"}, {"to", "2026-03-01"}}), "to: must be after from");
}

TEST(ReportParameters, nameTheJourneysThereAre) {
    const std::vector<Journey> journeys = {{.name = "a", .stages = {}},
                                           {.name = "b", .stages = {}}};

    EXPECT_EQ(findJourney(journeys, "b")->name, "b");
    EXPECT_EQ(findJourney(journeys, "c").error().what, "journey: \"c\" is not one of a, b");
}

}  // namespace
}  // namespace footfall
