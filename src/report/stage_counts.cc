#include "report/stage_counts.h"

#include "journey_index/journey_index.h"
#include "reportFiles.h"
#include "support/check.h"

namespace footfall {
namespace {

std::optional<SecondsPair> pairOf(const RowReader& row, std::string_view low,
                                  std::string_view high) {
    const auto first = row.integerOrNull(low);
    const auto second = row.integerOrNull(high);
    if (!first || !second) return std::nullopt;
    return SecondsPair{.low = *first, .high = *second};
}

StageCount stageOf(const RowReader& row) {
    return {.users = row.integer("users"),
            .furthest_users = row.integer("furthest_users"),
            .users_in_order = row.integer("users_in_order"),
            .median = pairOf(row, "median_low_seconds", "median_high_seconds"),
            .p90 = pairOf(row, "p90_low_seconds", "p90_high_seconds")};
}

}  // namespace

Result<StageCounts> countStages(Database& database, const ReportQuestion& question) {
    if (const auto to_index = questionToIndex(question))
        if (auto counts = question.index->countStages(*to_index, question.applied))
            return *std::move(counts);
    const Result<QueryResult> result =
        ask(database, question, reportFiles("sql/duckdb/percentage_of_user_stagewise.sql"));
    if (!result) return std::unexpected(result.error());
    CHECK(result->rows.size() == question.journey.stages.size(), "one row a stage");

    const RowReader first(*result, 0);
    StageCounts counts{.total_users = first.integer("total_users"),
                       .total_events = first.integer("total_events"),
                       .users_inside_window = first.integer("users_inside_window"),
                       .stages = {}};
    for (std::size_t row = 0; row < result->rows.size(); ++row)
        counts.stages.push_back(stageOf(RowReader(*result, row)));
    return counts;
}

}  // namespace footfall
