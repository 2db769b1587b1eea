#include <gtest/gtest.h>

#include "report/period_text.h"
#include "report/report_parameters.h"

namespace footfall {
namespace {

Result<ReportRequest> asked(const std::vector<QueryPair>& query) {
    return parseReportRequest(query, TimeZone::utc());
}

std::string errorOf(const std::vector<QueryPair>& query) {
    const auto request = asked(query);
    return request ? "" : request.error().what;
}

std::string labelOf(const std::vector<QueryPair>& query) {
    const auto request = asked(query);
    return comparandText(request->parameters, *request->comparand, TimeZone::utc(),
                         TextStyle::kAscii);
}

TEST(Comparand, isThePeriodOfTheSameLengthBefore) {
    const auto request =
        asked({{"from", "2026-03-10"}, {"to", "2026-03-17"}, {"compare", "previous"}});

    ASSERT_TRUE(request);
    EXPECT_EQ(formatUtc(*request->comparand->parameters.from), "2026-03-03T00:00:00Z");
    EXPECT_EQ(formatUtc(*request->comparand->parameters.to), "2026-03-10T00:00:00Z");
}

TEST(Comparand, keepsWhatIsNotAskedForOtherwise) {
    const auto request = asked(
        {{"city", "Pune"}, {"device", "ios"}, {"from", "2026-03-10"}, {"compare_city", "bombay"}});

    const ReportParameters& other = request->comparand->parameters;
    EXPECT_EQ(other.city, "Mumbai");
    EXPECT_EQ(other.device, "ios");
    EXPECT_EQ(other.from, request->parameters.from);
}

TEST(Comparand, takesTheFirstAttributeForTheGroup) {
    const auto request = asked({{"channel", "ads"}, {"device", "ios"}, {"compare", "others"}});

    EXPECT_EQ(request->comparand->parameters.device, std::nullopt);
    EXPECT_EQ(request->comparand->parameters.channel, "ads");
}

TEST(Comparand, isNamedByWhatItHasOtherwise) {
    EXPECT_EQ(labelOf({{"city", "Pune"}, {"compare", "others"}}), "all but Pune");
    EXPECT_EQ(labelOf({{"compare_city", "Delhi"}, {"compare_from", "2026-03-01"}}),
              "Delhi, since 1 Mar 2026");
    EXPECT_EQ(labelOf({{"from", "2026-03-11"}, {"to", "2026-03-21"}, {"compare", "previous"}}),
              "1-10 Mar 2026");
}

TEST(Comparand, saysWhichParameterDoesNotFit) {
    EXPECT_EQ(errorOf({{"compare", "previous"}}), "compare: previous needs from and to");
    EXPECT_EQ(errorOf({{"compare", "others"}}), "compare: others needs city, device or channel");
    EXPECT_NE(errorOf({{"compare", "asked"}}).find("previous, others"), std::string::npos);
    EXPECT_NE(errorOf({{"city", "Pune"}, {"compare", "others"}, {"compare_city", "Delhi"}})
                  .find("not both"),
              std::string::npos);
    EXPECT_EQ(errorOf({{"compare_from", "2026-03-02"}, {"compare_to", "2026-03-01"}}),
              "compare_to: must be after compare_from");
}

}  // namespace
}  // namespace footfall
