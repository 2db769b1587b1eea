#include "dashboard/latest_counts.h"

#include <future>
#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

using std::chrono::seconds;

constexpr SequenceNumber kNow{7};
constexpr UtcTime kBegin = utcFromMicros(1'772'323'200'000'000);

// Counts how often it is asked to count.
class LatestCountsTest : public testing::Test {
  protected:
    int of(const std::string& city, SequenceNumber at_least = kNow, UtcTime now = kBegin) {
        const ReportParameters parameters{.city = city};
        const auto counted = latest_.of(
            {.parameters = parameters, .at_least = at_least, .applied = applied_, .now = now},
            [&]() -> Result<Counted<int>> {
                return Counted<int>{.at = now, .counts = ++counts_, .notes = {}};
            });
        return (*counted)->counts;
    }

    LatestCounts<int> latest_{2, seconds(60)};
    SequenceNumber applied_ = kNow;
    int counts_ = 0;
};

TEST_F(LatestCountsTest, countsEachOfTheLastQuestionsOnce) {
    const int pune = of("Pune");
    of("Delhi");
    EXPECT_EQ(of("Pune"), pune);

    of("Kolkata");

    EXPECT_EQ(of("Pune"), pune) << "it was asked for last";
    EXPECT_EQ(of("Delhi"), 4);
}

TEST_F(LatestCountsTest, countsAnewWhatHasToHaveANewerEvent) {
    const int before = of("Pune");
    applied_ = kNow + 1;

    EXPECT_EQ(of("Pune", kNow), before);
    EXPECT_EQ(of("Pune", applied_), before + 1);
    EXPECT_EQ(of("Pune", kNow), before + 1) << "the newer one will do";
}

TEST_F(LatestCountsTest, keepsNoneForLongerThanItsAge) {
    const int before = of("Pune");

    EXPECT_EQ(of("Pune", kNow, kBegin + seconds(60)), before);
    EXPECT_EQ(of("Pune", kNow, kBegin + seconds(61)), before + 1);
}

TEST_F(LatestCountsTest, countsOnceForAllWhoAskMeanwhile) {
    const ReportParameters parameters;
    const LatestCounts<int>::Question question{
        .parameters = parameters, .at_least = kNow, .applied = kNow, .now = kBegin};
    std::promise<void> may_end;
    std::promise<void> begun;
    auto first = std::async(std::launch::async, [&] {
        return latest_.of(question, [&]() -> Result<Counted<int>> {
            begun.set_value();
            may_end.get_future().wait();
            return Counted<int>{.at = kBegin, .counts = 1, .notes = {}};
        });
    });
    begun.get_future().wait();
    auto second = std::async(std::launch::async, [&] {
        return latest_.of(question, []() -> Result<Counted<int>> {
            return fail(Code::kInternal, "it was counted twice");
        });
    });
    may_end.set_value();

    EXPECT_EQ((*first.get())->counts, 1);
    EXPECT_EQ((*second.get())->counts, 1);
}

TEST_F(LatestCountsTest, doesNotKeepAnError) {
    const ReportParameters parameters{.city = "Pune"};
    const auto failed = latest_.of(
        {.parameters = parameters, .at_least = kNow, .applied = kNow, .now = kBegin},
        []() -> Result<Counted<int>> { return fail(Code::kUnavailable, "the database is away"); });

    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::kUnavailable);
    EXPECT_EQ(of("Pune"), 1);
}

}  // namespace
}  // namespace footfall
