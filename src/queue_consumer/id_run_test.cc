#include "queue_consumer/id_run.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/random.h"
#include "tests/fakes/memory_files.h"

namespace footfall {
namespace {

constexpr IdKey kKey{.seed = 42};

std::vector<IdEntry> sortedEntries(std::size_t count) {
    std::vector<IdEntry> entries;
    for (std::uint64_t i = 0; i < count; ++i)
        entries.push_back(
            IdEntry::of({.high = mixBits(i), .low = i}, static_cast<PayloadHash>(i), kKey));
    std::ranges::sort(entries, {}, &IdEntry::hash);
    return entries;
}

// Such as a run of this slice has.
std::vector<IdEntry> entriesOf(const IdRunInfo& info, std::size_t count) {
    std::vector<IdEntry> entries = sortedEntries(count);
    const unsigned bits = sliceBitsOf(info.tier);
    for (IdEntry& entry : entries) {
        const std::uint64_t slice = std::uint64_t{info.slice} << 32 << (32 - bits);
        entry = IdEntry::of(entry.hash() >> bits | slice, entry.rest(), entry.payload_hash);
    }
    return entries;
}

std::shared_ptr<const IdRun> write(FileSystem& files, const std::vector<IdEntry>& entries,
                                   IdRunInfo info = {.number = 7}) {
    info.count = entries.size();
    auto writer = IdRunWriter::create(files, "ids", kKey, info);
    for (const IdEntry& entry : entries) EXPECT_TRUE(writer->add(entry));
    return std::move(*writer).finish().value();
}

std::optional<PayloadHash> find(const IdRun& run, const IdEntry& entry) {
    const std::uint64_t hash = run.filterHash(entry.hash());
    return run.find(entry, run.filter().positionsOf(run.filter().bucketOf(hash))).value();
}

TEST(IdRun, findsEveryEntryThenAndWhenItIsOpenedAgain) {
    for (const std::size_t count : {1, 67, 68, 69, 20'000}) {
        MemoryFiles files;
        const auto entries = sortedEntries(count);
        const auto written = write(files, entries);

        const auto opened = IdRun::open(files, "ids", kKey, written->info());

        ASSERT_TRUE(opened) << opened.error().what;
        for (const IdEntry& entry : entries) {
            ASSERT_EQ(find(*written, entry), entry.payload_hash);
            ASSERT_EQ(find(**opened, entry), entry.payload_hash);
        }
        EXPECT_EQ(find(**opened, IdEntry::of({.high = 1, .low = 1}, 0, kKey)), std::nullopt);
    }
}

TEST(IdRun, isAsLongAsItsFormatSays) {
    MemoryFiles files;

    const auto run = write(files, sortedEntries(300));

    EXPECT_EQ(files.text("ids/00000007.run").size(), 7'320u) << "docs/id_files.md";
    EXPECT_EQ(files.text("ids/00000007.run").substr(0, 8), "FFIDS003");
}

TEST(IdRun, isReadInItsOrder) {
    for (const IdRunInfo info : {IdRunInfo{.number = 1}, IdRunInfo{.number = 1, .tier = 1},
                                 IdRunInfo{.number = 1, .tier = 3, .slice = 9},
                                 IdRunInfo{.number = 1, .tier = kTierMax, .slice = 0}})
        for (const std::size_t count : {1, 20'000}) {
            MemoryFiles files;
            const auto entries = entriesOf(info, count);
            IdRunReader reader(write(files, entries, info));

            std::vector<IdEntry> read;
            ASSERT_TRUE(reader.advance());
            while (!reader.atEnd()) {
                read.push_back(reader.entry());
                ASSERT_TRUE(reader.advance());
            }

            EXPECT_EQ(read, entries) << info.tier;
        }
}

TEST(IdRun, isNotTakenForAnother) {
    MemoryFiles files;
    const IdRunInfo info = write(files, sortedEntries(10))->info();
    const auto open = [&files](IdKey key, const IdRunInfo& other) {
        const auto run = IdRun::open(files, "ids", key, other);
        return run ? std::nullopt : std::optional(run.error().code);
    };

    EXPECT_EQ(open({.seed = 43}, info), Code::kMalformed);
    EXPECT_EQ(open(kKey, {.number = 7, .count = 11}), Code::kMalformed);
    EXPECT_EQ(open(kKey, {.number = 7, .tier = 1, .count = 10}), Code::kMalformed);
    EXPECT_EQ(open(kKey, {.number = 8, .count = 10}), Code::kMalformed) << "no such file";
}

TEST(IdRun, failsOrAnswersRightWhateverByteIsDamagedOrMissing) {
    MemoryFiles files;
    const auto entries = sortedEntries(300);
    const IdRunInfo info = write(files, entries)->info();
    const std::string path = "ids/" + info.fileName();
    const std::string good = files.text(path);
    const auto expectNoWrongAnswer = [&](const std::string& text) {
        ASSERT_TRUE(files.replace(path, text));
        const auto run = IdRun::open(files, "ids", kKey, info);
        if (!run) return;
        for (const IdEntry& entry : entries) {
            const std::uint64_t hash = entry.hash();
            const auto positions = (*run)->filter().positionsOf((*run)->filter().bucketOf(hash));
            const auto found = (*run)->find(entry, positions);
            if (found)
                ASSERT_EQ(*found, entry.payload_hash);
            else
                ASSERT_EQ(found.error().code, Code::kMalformed);
        }
    };

    for (std::size_t at = 0; at < good.size(); ++at) {
        SCOPED_TRACE(at);
        if (at % 3 == 0 || at < 64) expectNoWrongAnswer(good.substr(0, at));
        std::string flipped = good;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
        if (at % 3 == 1 || at < 64) expectNoWrongAnswer(flipped);
        if (HasFatalFailure()) return;
    }
}

TEST(IdRun, tellsTheDisksErrorWhenItIsFull) {
    MemoryFiles files;
    files.setRoom(10'000);

    auto writer = IdRunWriter::create(files, "ids", kKey, {.number = 1, .count = 10'000});
    Result<void> added;
    for (const IdEntry& entry : sortedEntries(10'000))
        if (added) added = writer->add(entry);

    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, Code::kUnavailable);
}

TEST(IdRun, ofASliceFindsItsEntries) {
    MemoryFiles files;
    constexpr IdRunInfo kInfo{.number = 1, .tier = 3, .slice = 9};
    auto entries = sortedEntries(20'000);
    std::erase_if(entries, [&](const IdEntry& entry) {
        return sliceOf(entry.hash(), kInfo.tier) != kInfo.slice;
    });
    ASSERT_NEAR(static_cast<double>(entries.size()), 20'000 / 16.0, 150);

    const auto run = write(files, entries, kInfo);

    for (const IdEntry& entry : entries) EXPECT_EQ(find(*run, entry), entry.payload_hash);
    std::size_t fullest = 0;
    for (const IdFilter::Group& group : run->filter().groups())
        fullest = std::max<std::size_t>(fullest, group.ends.back());
    EXPECT_LT(fullest, 400u) << "a slice's hashes spread over its whole filter";
}

}  // namespace
}  // namespace footfall
