#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/database.h"
#include "event/journey.h"
#include "journey_index/journey_state.h"
#include "report/report_parameters.h"

// How a report asks the database: one of the SQL files, with the journey and the parameters in
// tables that stand in for the stored ones.
namespace footfall {

struct ReportQuestion {
    const Journey& journey;
    const ReportParameters& parameters;
    const std::string& currency;  // of amounts that came without one
    UtcTime now{};                // decides whose conversion window has ended
    // As in ReportSettings.
    JourneyIndex* index = nullptr;
    SequenceNumber applied{};
};

// What a report with these parameters and settings asks, which outlive it.
ReportQuestion questionOf(const Journey& journey, const ReportParameters& parameters,
                          const ReportSettings& settings);

// What the index is asked for it. nullopt: there is no index of this journey.
std::optional<JourneyQuestion> questionToIndex(const ReportQuestion& question);

// `sql` is a whole statement. Errors: those of Database::query.
[[nodiscard]] Result<QueryResult> ask(Database& database, const ReportQuestion& question,
                                      std::string_view sql);

// One row's values by the name of their column. A missing column or another type is a bug.
class RowReader {
  public:
    RowReader(const QueryResult& result, std::size_t row) : result_(result), row_(row) {}
    std::int64_t integer(std::string_view column) const;
    std::optional<std::int64_t> integerOrNull(std::string_view column) const;
    UtcTime time(std::string_view column) const;
    const std::string& text(std::string_view column) const;

  private:
    const Value& value(std::string_view column) const;

    const QueryResult& result_;
    std::size_t row_;
};

// What a reader of any report should know: events that belong to no stage, and stages that nobody
// reached. `stage_users` holds one count a stage.
[[nodiscard]] Result<std::vector<std::string>> reportNotes(
    Database& database, const ReportQuestion& question,
    const std::vector<std::int64_t>& stage_users);

}  // namespace footfall
