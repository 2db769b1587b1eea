#include "queue_consumer/id_manifest.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

const IdManifest kManifest{.key = {.seed = 0x0123'4567'89ab'cdef},
                           .covered = {5'000'000},
                           .runs = {{.number = 4, .tier = 2, .slice = 3, .count = 4'000'001},
                                    {.number = 9, .tier = 0, .slice = 0, .count = 1'000'000}}};

TEST(IdManifest, isReadAsItWasWritten) {
    const auto read = IdManifest::parse(kManifest.text());

    ASSERT_TRUE(read);
    EXPECT_EQ(read->key, kManifest.key);
    EXPECT_EQ(read->covered, kManifest.covered);
    EXPECT_EQ(read->runs, kManifest.runs);
    EXPECT_TRUE(IdManifest::parse(IdManifest().text())) << "without runs";
}

TEST(IdManifest, isRefusedWhateverByteIsDamagedOrMissing) {
    const std::string good = kManifest.text();

    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string flipped = good;
        flipped[at] = static_cast<char>(flipped[at] ^ 1);
        EXPECT_FALSE(IdManifest::parse(flipped)) << at;
        EXPECT_FALSE(IdManifest::parse(good.substr(0, at))) << at;
    }
    EXPECT_FALSE(IdManifest::parse(good + "\n"));
}

TEST(IdManifest, refusesASliceThatATierDoesNotHave) {
    EXPECT_TRUE(IdManifest::parse(IdManifest{.runs = {{.tier = 3, .slice = 15}}}.text()));
    EXPECT_FALSE(IdManifest::parse(IdManifest{.runs = {{.tier = 3, .slice = 16}}}.text()));
    EXPECT_FALSE(IdManifest::parse(IdManifest{.runs = {{.tier = 1, .slice = 1}}}.text()));
    EXPECT_FALSE(IdManifest::parse(IdManifest{.runs = {{.tier = 99}}}.text()));
}

}  // namespace
}  // namespace footfall
