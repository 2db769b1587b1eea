#include "report/trend_counts.h"

#include "journey_index/journey_index.h"
#include "reportFiles.h"

namespace footfall {

Result<TrendCounts> countTrend(Database& database, const ReportQuestion& question) {
    if (const auto to_index = questionToIndex(question))
        if (auto counts = question.index->countTrend(*to_index, question.applied))
            return *std::move(counts);
    const Result<QueryResult> result = ask(database, question, reportFiles("sql/duckdb/trend.sql"));
    if (!result) return std::unexpected(result.error());
    TrendCounts counts;
    for (std::size_t i = 0; i < result->rows.size(); ++i) {
        const RowReader row(*result, i);
        counts.push_back({.from = row.time("quarter_hour"),
                          .users = row.integer("users"),
                          .buyers = row.integer("buyers"),
                          .buyers_in_order = row.integer("buyers_in_order"),
                          .users_inside_window = row.integer("users_inside_window")});
    }
    return counts;
}

}  // namespace footfall
