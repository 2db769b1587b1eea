#include "dashboard/latest_reports.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

using std::chrono::seconds;

constexpr SequenceNumber kNow{7};
constexpr UtcTime kBegin = utcFromMicros(1'772'323'200'000'000);

struct Report {
    ReportParameters parameters;
    UtcTime generated_at{};
};

std::shared_ptr<const Report> of(const std::string& city) {
    return std::make_shared<const Report>(
        Report{.parameters = {.city = city}, .generated_at = kBegin});
}

TEST(LatestReports, findsEachOfTheLastOnesAgain) {
    LatestReports<Report> latest(2, seconds(60));
    const auto pune = of("Pune");
    latest.keep(pune, kNow);
    latest.keep(of("Delhi"), kNow);
    EXPECT_EQ(latest.find(pune->parameters, kNow, kBegin), pune);

    latest.keep(of("Kolkata"), kNow);

    EXPECT_EQ(latest.find(pune->parameters, kNow, kBegin), pune) << "it was asked for last";
    EXPECT_FALSE(latest.find({.city = "Delhi"}, kNow, kBegin));
}

TEST(LatestReports, forgetsThemWhenAnEventIsStored) {
    LatestReports<Report> latest(2, seconds(60));
    latest.keep(of("Pune"), kNow);
    latest.keep(of("Delhi"), kNow + 1);

    EXPECT_FALSE(latest.find({.city = "Pune"}, kNow + 1, kBegin));
    EXPECT_TRUE(latest.find({.city = "Delhi"}, kNow + 1, kBegin));
}

TEST(LatestReports, keepsNoneForLongerThanItsAge) {
    LatestReports<Report> latest(2, seconds(60));
    latest.keep(of("Pune"), kNow);

    EXPECT_TRUE(latest.find({.city = "Pune"}, kNow, kBegin + seconds(60)));
    EXPECT_FALSE(latest.find({.city = "Pune"}, kNow, kBegin + seconds(61)));
}

}  // namespace
}  // namespace footfall
