#include "dashboard/audit.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

const Audit kAtRest = {
    .applied = {.last = {20},
                .totals = {.stored = 15, .duplicates = 4, .dead_lettered = 1, .rejected = 3}},
    .last_accepted = {20},
    .durability = "none",
};

TEST(Audit, saysWhereEveryEventIs) {
    Audit audit = kAtRest;
    audit.last_accepted = {25};

    EXPECT_EQ(nlohmann::json::parse(toJson(audit)), nlohmann::json::parse(R"({"received": 28,
        "accepted": 25, "rejected": 3, "stored": 15, "duplicates": 4, "dead_lettered": 1,
        "in_flight": 5, "balanced": true, "durability": "none"})"));
}

TEST(Audit, isOutOfBalanceWhenADecidedEventIsNowhere) {
    Audit audit = kAtRest;
    audit.applied.totals.stored = 14;

    EXPECT_FALSE(audit.balanced());
}

TEST(Audit, isOutOfBalanceWhenRowsWereMissingAtTheStart) {
    Audit audit = kAtRest;
    audit.rows_matched_at_start = false;

    EXPECT_FALSE(audit.balanced());
}

}  // namespace
}  // namespace footfall
