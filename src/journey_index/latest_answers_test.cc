#include "journey_index/latest_answers.h"

#include <future>
#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

using std::chrono::seconds;

constexpr SequenceNumber kNow{7};
constexpr UtcTime kBegin = utcFromMicros(1'772'323'200'000'000);

using Latest = LatestAnswers<std::string, int>;

// Answers how often it was computed.
class LatestAnswersTest : public testing::Test {
  protected:
    int to(const std::string& question, SequenceNumber applied = kNow, UtcTime now = kBegin) {
        return **latest_.to({.question = question, .applied = applied, .now = now},
                            [&]() -> Result<int> { return ++computed_; });
    }

    Latest latest_{2, seconds(60)};
    int computed_ = 0;
};

TEST_F(LatestAnswersTest, computesEachOfTheLastOnce) {
    const int pune = to("Pune");
    to("Delhi");
    EXPECT_EQ(to("Pune"), pune);

    to("Kolkata");

    EXPECT_EQ(to("Pune"), pune) << "it was asked for last";
    EXPECT_EQ(to("Delhi"), 4);
}

TEST_F(LatestAnswersTest, computesAnewWhatHasToKnowANewerEvent) {
    const int before = to("Pune");

    EXPECT_EQ(to("Pune", kNow), before);
    EXPECT_EQ(to("Pune", kNow + 1), before + 1);
    EXPECT_EQ(to("Pune", kNow), before + 1) << "the newer one will do";
}

TEST_F(LatestAnswersTest, keepsNoneForLongerThanItsAge) {
    const int before = to("Pune");

    EXPECT_EQ(to("Pune", kNow, kBegin + seconds(60)), before);
    EXPECT_EQ(to("Pune", kNow, kBegin + seconds(61)), before + 1);
}

TEST_F(LatestAnswersTest, computesOnceForAllWhoAskMeanwhile) {
    const std::string question = "Pune";
    const Latest::Asked asked{.question = question, .applied = kNow, .now = kBegin};
    std::promise<void> may_end;
    std::promise<void> begun;
    auto first = std::async(std::launch::async, [&] {
        return latest_.to(asked, [&]() -> Result<int> {
            begun.set_value();
            may_end.get_future().wait();
            return 1;
        });
    });
    begun.get_future().wait();
    auto second = std::async(std::launch::async, [&] {
        return latest_.to(
            asked, []() -> Result<int> { return fail(Code::kInternal, "it was computed twice"); });
    });
    may_end.set_value();

    EXPECT_EQ(**first.get(), 1);
    EXPECT_EQ(**second.get(), 1);
}

TEST_F(LatestAnswersTest, doesNotKeepAnError) {
    const std::string question = "Pune";
    const auto failed = latest_.to(
        {.question = question, .applied = kNow, .now = kBegin},
        []() -> Result<int> { return fail(Code::kUnavailable, "the database is away"); });

    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::kUnavailable);
    EXPECT_EQ(to("Pune"), 1);
}

}  // namespace
}  // namespace footfall
