#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace footfall {

// IdFilter: tells of a hash whether it can be among those of a sorted run, and at which positions.
// How: the range of the hashes is cut into buckets of about eight; kept are 16 bits of each hash,
//   its place within the bucket, in order. One cache line holds where thirty buckets end.
// Errors of its answer: never a false "no"; a false "yes" in about 8 of 65,536.
// Threads: const after it is built.   Cost: 2.27 bytes a hash and two cache misses, both hidden
//   when prefetchBucket, bucketOf and prefetch run some hashes ahead of positionsOf.
// Shape: hashes are 64 uniform bits; a run of a slice of them drops the bits all have in common.
// Source: the quotient filter's remainders (Bender et al., VLDB 2012), laid out as an index.
class IdFilter {
  public:
    static constexpr std::uint64_t kHashesPerBucket = 8;
    static constexpr std::size_t kBucketsPerGroup = 30;
    // However few hashes there are: a place leaves less than 2^40 hashes to tell apart.
    static constexpr std::size_t kGroupsMin = 9;

    // What the run's file keeps as it is.
    struct Group {
        std::uint32_t base = 0;                              // position of its first hash
        std::array<std::uint16_t, kBucketsPerGroup> ends{};  // of its buckets, from base on
    };
    static_assert(sizeof(Group) == 64);

    struct Positions {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        bool empty() const { return begin == end; }
    };
    // Where a bucket's hashes are, and the remainder to look for there.
    struct Bucket {
        std::uint32_t begin = 0;
        std::uint16_t count = 0;
        std::uint16_t remainder = 0;
    };

    IdFilter() = default;
    // nullopt: not a filter, whatever it is; what is accepted answers without reading astray.
    static std::optional<IdFilter> of(std::vector<Group> groups,
                                      std::vector<std::uint16_t> remainders);
    // How many groups a filter for about `count` hashes has.
    static std::size_t groupsFor(std::uint64_t count);

    void prefetchBucket(std::uint64_t hash) const;
    Bucket bucketOf(std::uint64_t hash) const;
    void prefetch(const Bucket& bucket) const;
    // Where the hash can be; empty: nowhere.
    Positions positionsOf(const Bucket& bucket) const;

    // The lowest hash that has the place of the one at `position`, which is in this bucket.
    std::uint64_t lowestHash(std::uint64_t bucket, std::uint32_t position) const;
    // The position behind the bucket's last one.
    std::uint32_t endOf(std::uint64_t bucket) const;

    std::uint64_t count() const { return remainders_.size(); }
    std::size_t bytes() const { return groups().size_bytes() + remainders().size_bytes(); }
    std::span<const Group> groups() const { return groups_; }
    std::span<const std::uint16_t> remainders() const { return remainders_; }

  private:
    friend class IdFilterBuilder;

    std::vector<Group> groups_;
    std::vector<std::uint16_t> remainders_;
    std::uint64_t bucket_count_ = 0;
};

// IdFilterBuilder: makes a filter from hashes as they come, in ascending order.
// Threads: one at a time.   Bounds: below 2^32 hashes.
class IdFilterBuilder {
  public:
    // `expected`: about how many there will be; if there are more, buckets are fuller.
    explicit IdFilterBuilder(std::uint64_t expected);
    void add(std::uint64_t hash);
    IdFilter build() &&;

  private:
    void endBucketsBefore(std::uint64_t bucket);

    IdFilter filter_;
    std::uint64_t open_bucket_ = 0;
};

}  // namespace footfall
