#include "queue_consumer/id_filter.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "support/random.h"

namespace footfall {
namespace {

std::vector<std::uint64_t> sortedHashes(std::size_t count, std::uint64_t seed = 1) {
    Random random(seed);
    std::vector<std::uint64_t> hashes(count);
    for (std::uint64_t& hash : hashes) hash = random.next();
    std::ranges::sort(hashes);
    return hashes;
}

IdFilter filterOf(const std::vector<std::uint64_t>& hashes, std::uint64_t expected) {
    IdFilterBuilder builder(expected);
    for (const std::uint64_t hash : hashes) builder.add(hash);
    return std::move(builder).build();
}

IdFilter::Positions find(const IdFilter& filter, std::uint64_t hash) {
    return filter.positionsOf(filter.bucketOf(hash));
}

TEST(IdFilter, knowsThePlaceOfEveryHash) {
    for (const std::size_t count : {0, 1, 2, 100, 239, 240, 241, 5'000, 100'000}) {
        const auto hashes = sortedHashes(count);
        const IdFilter filter = filterOf(hashes, count);

        for (std::size_t i = 0; i < count; ++i) {
            const IdFilter::Positions found = find(filter, hashes[i]);
            ASSERT_LE(found.begin, i);
            ASSERT_LT(i, found.end);
        }
        EXPECT_EQ(filter.count(), count);
    }
}

TEST(IdFilter, knowsTheFirstAndTheLastHashThereIs) {
    const IdFilter filter = filterOf({0, std::numeric_limits<std::uint64_t>::max()}, 2);

    EXPECT_EQ(find(filter, 0).begin, 0u);
    EXPECT_EQ(find(filter, std::numeric_limits<std::uint64_t>::max()).end, 2u);
}

TEST(IdFilter, staysRightWhenMoreOrFewerHashesComeThanExpected) {
    const auto hashes = sortedHashes(2'000);

    for (const std::uint64_t expected : {0, 500, 100'000}) {
        const IdFilter filter = filterOf(hashes, expected);
        for (std::size_t i = 0; i < hashes.size(); ++i) {
            const IdFilter::Positions found = find(filter, hashes[i]);
            ASSERT_TRUE(found.begin <= i && i < found.end);
        }
    }
}

TEST(IdFilter, suspectsEightIn65536OfTheOthersAndTakesLittleMemory) {
    constexpr std::size_t kCount = 200'000;
    constexpr std::size_t kAsked = 2'000'000;
    const IdFilter filter = filterOf(sortedHashes(kCount), kCount);

    Random random(2);
    std::size_t suspected = 0;
    for (std::size_t i = 0; i < kAsked; ++i) suspected += !find(filter, random.next()).empty();

    EXPECT_NEAR(static_cast<double>(suspected), kAsked * 8.0 / 65'536, 60);
    EXPECT_LT(static_cast<double>(filter.bytes()) / kCount, 2.3);
}

TEST(IdFilter, isTheSameFromItsParts) {
    const auto hashes = sortedHashes(1'000);
    const IdFilter filter = filterOf(hashes, 1'000);

    const auto again = IdFilter::of({filter.groups().begin(), filter.groups().end()},
                                    {filter.remainders().begin(), filter.remainders().end()});

    ASSERT_TRUE(again);
    for (const std::uint64_t hash : hashes)
        EXPECT_EQ(find(*again, hash).begin, find(filter, hash).begin);
}

TEST(IdFilter, refusesPartsThatWouldLeadAstray) {
    const IdFilter filter = filterOf(sortedHashes(1'000), 1'000);
    const std::vector<IdFilter::Group> groups(filter.groups().begin(), filter.groups().end());
    const std::vector<std::uint16_t> remainders(filter.remainders().begin(),
                                                filter.remainders().end());
    auto fewer = remainders;
    fewer.pop_back();
    auto base_moved = groups;
    ++base_moved[1].base;
    auto end_moved = groups;
    end_moved[0].ends[3] = 60'000;

    EXPECT_FALSE(IdFilter::of({}, {}));
    EXPECT_FALSE(IdFilter::of(groups, fewer));
    EXPECT_FALSE(IdFilter::of(base_moved, remainders));
    EXPECT_FALSE(IdFilter::of(end_moved, remainders));
}

}  // namespace
}  // namespace footfall
