#include "queue_consumer/id_filter.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "support/check.h"

namespace footfall {
namespace {

struct Place {
    std::uint64_t bucket;
    std::uint16_t remainder;
};

// Multiplied by the number of buckets the hash is a bucket and, below the point, the place in it;
// both ascend with the hash.
Place placeOf(std::uint64_t hash, std::uint64_t bucket_count) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(hash) * bucket_count;
    return {.bucket = static_cast<std::uint64_t>(product >> 64),
            .remainder = static_cast<std::uint16_t>(static_cast<std::uint64_t>(product) >> 48)};
}

// Nearly no bucket has more hashes.
constexpr std::size_t kAtOnce = 16;

// Whether one of the remainders is the wanted one, four at a time.
// Source: Bit Twiddling Hacks (Anderson), "Determine if a word has a zero byte".
bool contains(std::span<const std::uint16_t, kAtOnce> remainders, std::uint16_t wanted) {
    constexpr std::uint64_t kOnes = 0x0001'0001'0001'0001;
    constexpr std::uint64_t kUppers = kOnes << 15;
    std::uint64_t zeros = 0;
    for (std::size_t i = 0; i < kAtOnce; i += 4) {
        std::uint64_t four = 0;
        std::memcpy(&four, remainders.data() + i, sizeof(four));
        four ^= wanted * kOnes;
        zeros |= (four - kOnes) & ~four & kUppers;
    }
    return zeros != 0;
}

}  // namespace

std::size_t IdFilter::groupsFor(std::uint64_t count) {
    constexpr std::uint64_t kHashesPerGroup = kHashesPerBucket * kBucketsPerGroup;
    return std::max<std::size_t>(kGroupsMin, (count + kHashesPerGroup - 1) / kHashesPerGroup);
}

std::optional<IdFilter> IdFilter::of(std::vector<Group> groups,
                                     std::vector<std::uint16_t> remainders) {
    if (groups.empty()) return std::nullopt;
    std::uint64_t position = 0;
    for (const Group& group : groups) {
        if (group.base != position || !std::ranges::is_sorted(group.ends)) return std::nullopt;
        position += group.ends.back();
    }
    if (position != remainders.size()) return std::nullopt;
    IdFilter filter;
    filter.bucket_count_ = groups.size() * kBucketsPerGroup;
    filter.groups_ = std::move(groups);
    filter.remainders_ = std::move(remainders);
    return filter;
}

void IdFilter::prefetchBucket(std::uint64_t hash) const {
    __builtin_prefetch(&groups_[placeOf(hash, bucket_count_).bucket / kBucketsPerGroup]);
}

IdFilter::Bucket IdFilter::bucketOf(std::uint64_t hash) const {
    const Place place = placeOf(hash, bucket_count_);
    const Group& group = groups_[place.bucket / kBucketsPerGroup];
    const std::size_t index = place.bucket % kBucketsPerGroup;
    const std::uint16_t begin = index == 0 ? std::uint16_t{0} : group.ends[index - 1];
    return {.begin = group.base + begin,
            .count = static_cast<std::uint16_t>(group.ends[index] - begin),
            .remainder = place.remainder};
}

void IdFilter::prefetch(const Bucket& bucket) const {
    __builtin_prefetch(remainders_.data() + bucket.begin);
    __builtin_prefetch(remainders_.data() + bucket.begin + bucket.count);
}

IdFilter::Positions IdFilter::positionsOf(const Bucket& bucket) const {
    const std::span<const std::uint16_t> from = std::span(remainders_).subspan(bucket.begin);
    // Mostly it is not there, nor right behind the bucket.
    const bool is_usual = bucket.count <= kAtOnce && from.size() >= kAtOnce;
    if (is_usual && !contains(from.first<kAtOnce>(), bucket.remainder))
        return {.begin = bucket.begin, .end = bucket.begin};
    const auto [begin, end] = std::ranges::equal_range(from.first(bucket.count), bucket.remainder);
    return {.begin = bucket.begin + static_cast<std::uint32_t>(begin - from.begin()),
            .end = bucket.begin + static_cast<std::uint32_t>(end - from.begin())};
}

std::uint64_t IdFilter::lowestHash(std::uint64_t bucket, std::uint32_t position) const {
    // placeOf() the other way round.
    __extension__ using Wide = unsigned __int128;
    const Wide place = static_cast<Wide>(bucket) << 64 | Wide{remainders_[position]} << 48;
    return static_cast<std::uint64_t>((place + bucket_count_ - 1) / bucket_count_);
}

std::uint32_t IdFilter::endOf(std::uint64_t bucket) const {
    const Group& group = groups_[bucket / kBucketsPerGroup];
    return group.base + group.ends[bucket % kBucketsPerGroup];
}

IdFilterBuilder::IdFilterBuilder(std::uint64_t expected) {
    filter_.groups_.resize(IdFilter::groupsFor(expected));
    filter_.bucket_count_ = filter_.groups_.size() * IdFilter::kBucketsPerGroup;
    // A slice's share of a merge is known but for chance; room that is not used costs no memory.
    filter_.remainders_.reserve(expected + expected / 32);
}

void IdFilterBuilder::add(std::uint64_t hash) {
    const Place place = placeOf(hash, filter_.bucket_count_);
    CHECK(place.bucket >= open_bucket_, "hashes come in ascending order");
    endBucketsBefore(place.bucket);
    filter_.remainders_.push_back(place.remainder);
}

IdFilter IdFilterBuilder::build() && {
    CHECK(filter_.remainders_.size() <= std::numeric_limits<std::uint32_t>::max(),
          "positions are 32 bits");
    endBucketsBefore(filter_.bucket_count_);
    return std::move(filter_);
}

void IdFilterBuilder::endBucketsBefore(std::uint64_t bucket) {
    const auto position = static_cast<std::uint32_t>(filter_.remainders_.size());
    for (; open_bucket_ < bucket; ++open_bucket_) {
        const std::size_t group_index = open_bucket_ / IdFilter::kBucketsPerGroup;
        const std::size_t index = open_bucket_ % IdFilter::kBucketsPerGroup;
        IdFilter::Group& group = filter_.groups_[group_index];
        const std::uint32_t end = position - group.base;
        // Keyed hashes spread evenly, 240 a group; they never come near this.
        CHECK(end <= std::numeric_limits<std::uint16_t>::max(), "a group has below 65,536 hashes");
        group.ends[index] = static_cast<std::uint16_t>(end);
        const bool last_of_group = index + 1 == IdFilter::kBucketsPerGroup;
        if (last_of_group && group_index + 1 < filter_.groups_.size())
            filter_.groups_[group_index + 1].base = position;
    }
}

}  // namespace footfall
