#include "event_producer/delivery.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace footfall {
namespace {

constexpr std::uint64_t kSeed = 42;

TEST(Delivery, sendsEachEventOnceInItsOrderWhenNothingElseIsAskedFor) {
    Delivery delivery;

    planDelivery({.duplicates = 0, .out_of_order = 0}, kSeed, 1, 5, delivery);

    EXPECT_EQ(delivery.event_indexes, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(delivery.duplicate_count, 0u);
    EXPECT_EQ(delivery.out_of_order_count, 0u);
}

TEST(Delivery, sendsEveryEventAndCountsWhatIsSentTwiceOrLate) {
    constexpr std::uint32_t kShoppers = 2'000;
    constexpr std::uint32_t kEvents = 50;
    std::uint32_t duplicates = 0;
    std::uint32_t out_of_order = 0;

    Delivery delivery;
    for (std::uint32_t shopper = 0; shopper < kShoppers; ++shopper) {
        planDelivery({.duplicates = 0.01, .out_of_order = 0.02}, kSeed, shopper, kEvents, delivery);
        std::vector<std::uint32_t> sent = delivery.event_indexes;
        ASSERT_EQ(sent.size(), kEvents + delivery.duplicate_count);
        std::ranges::sort(sent);
        const auto repeated = std::ranges::unique(sent);
        sent.erase(repeated.begin(), repeated.end());
        ASSERT_EQ(sent.size(), kEvents);
        duplicates += delivery.duplicate_count;
        out_of_order += delivery.out_of_order_count;
    }

    EXPECT_NEAR(duplicates / double(kShoppers * kEvents), 0.01, 0.001);
    // The last event of a shopper has none to fall behind.
    EXPECT_NEAR(out_of_order / double(kShoppers * kEvents), 0.02, 0.003);
}

TEST(Delivery, isTheSameForTheSameShopper) {
    const DeliveryOptions options = {.duplicates = 0.5, .out_of_order = 0.5};
    Delivery first;
    Delivery second;

    planDelivery(options, kSeed, 7, 20, first);
    planDelivery(options, kSeed, 8, 20, second);
    EXPECT_NE(first.event_indexes, second.event_indexes);
    planDelivery(options, kSeed, 7, 20, second);

    EXPECT_EQ(first.event_indexes, second.event_indexes);
}

}  // namespace
}  // namespace footfall
