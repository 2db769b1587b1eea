#include "report/filter_values.h"

#include "event/unicode.h"
#include "journey_index/journey_index.h"
#include "report/json_parts.h"
#include "reportFiles.h"
#include "support/check.h"

namespace footfall {
namespace {

std::vector<FilterValue>& listOf(FilterCounts& counts, const std::string& attribute) {
    if (attribute == "city") return counts.cities;
    if (attribute == "device") return counts.devices;
    CHECK(attribute == "channel", "the SQL answers these three");
    return counts.channels;
}

void addList(Json& json, const std::string& name, const std::vector<FilterValue>& values,
             std::size_t top, const std::string& beginning) {
    Json list = Json::array();
    std::size_t matching = 0;
    for (const FilterValue& value : values) {
        if (!caselessKey(value.name).starts_with(beginning)) continue;
        if (matching++ < top) list.push_back({{"name", value.name}, {"users", value.users}});
    }
    json[name] = std::move(list);
    json["total_" + name] = matching;
}

}  // namespace

Result<FilterCounts> countFilters(Database& database, const ReportQuestion& question) {
    if (const auto to_index = questionToIndex(question))
        if (auto counts = question.index->countFilters(*to_index, question.applied))
            return *std::move(counts);
    const Result<QueryResult> result =
        ask(database, question, reportFiles("sql/duckdb/filters.sql"));
    if (!result) return std::unexpected(result.error());
    FilterCounts counts;
    for (std::size_t i = 0; i < result->rows.size(); ++i) {
        const RowReader row(*result, i);
        listOf(counts, row.text("attribute"))
            .push_back({.name = row.text("name"), .users = row.integer("users")});
    }
    return counts;
}

Result<Counted<FilterCounts>> countForFilters(Database& database, const Journey& journey,
                                              const ReportParameters& parameters,
                                              const ReportSettings& settings) {
    auto counts = countFilters(database, questionOf(journey, parameters, settings));
    if (!counts) return std::unexpected(counts.error());
    return Counted<FilterCounts>{.at = settings.now, .counts = std::move(*counts), .notes = {}};
}

std::string renderJson(const FilterCounts& values, const Journey& journey, std::size_t top,
                       const std::string& search) {
    const std::string beginning = caselessKey(search);
    Json json = {{"journey", journey.name}};
    addList(json, "cities", values.cities, top, beginning);
    addList(json, "devices", values.devices, top, beginning);
    addList(json, "channels", values.channels, top, beginning);
    return textOf(json);
}

}  // namespace footfall
